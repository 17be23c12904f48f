/** What a phase of a certify job is doing. */
export const certifyingWords = {
  starting: 'starting Python and PyTorch',
  training: 'training',
  evaluating: 'evaluating',
  certifying: 'importing the program and testing it',
  probing: 'looking at the program',
  reporting: 'checking the certificate',
} as const;
