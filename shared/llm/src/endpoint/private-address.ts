import { isIP } from 'node:net';

const privateNetworks = [
  /^127\./,
  /^10\./,
  /^192\.168\./,
  /^172\.(1[6-9]|2\d|3[01])\./,
  /^169\.254\./,
  /^::1$/,
  /^f[cd][0-9a-f]{2}:/,
  /^fe80:/,
];
const privateNames = /(^|\.)(localhost|local|internal|lan)$/;

/** Whether an address is one of this machine or of a network of one's own: there a model server often has no key. */
export function isPrivateAddress(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (isIP(host)) return privateNetworks.some((network) => network.test(host));
  // A name without a dot is one of a local network, for example a service of compose.yaml.
  return !host.includes('.') || privateNames.test(host);
}
