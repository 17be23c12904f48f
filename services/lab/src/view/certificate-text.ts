import { isObstacle } from '@asi/contracts';
import type { Certificate } from '@asi/runner-client';
import { fixed, thousands } from './format.ts';
import type { Paint } from './paint.ts';
import { textTable } from './text-table.ts';
import { printable } from './text-width.ts';

const verdicts = {
  pass: 'passes: it is a legal mixer',
  flagged: 'passes with remarks',
  fail: 'fails: it is not a legal mixer',
  unsupported: 'cannot be examined',
} as const;

/** A certificate as a page of text: the verdict, then every test with what was measured. */
export function certificateText(name: string, certificate: Certificate, paint: Paint): string[] {
  const { verdict, findings } = certificate;
  const good = verdict === 'pass' || verdict === 'flagged';
  const runs = !findings.some((one) => one.test === 'construct' && isObstacle(one));
  const costs =
    certificate.flopsPerToken === 0
      ? '; what it costs was not measured'
      : `, ${thousands(certificate.flopsPerToken)} FLOPs per token, FLOPs grow with length^${fixed(certificate.flopExponent, 2)}, state ${thousands(certificate.stateSize)}`;
  const rows = findings.map((one) => [
    one.status === 'unsupported' ? 'not tested' : one.status, // no fault of the program
    one.test,
    one.status === 'unsupported' ? '-' : one.kind,
    number(one.measured),
    one.threshold === null ? '-' : number(one.threshold),
    one.smallestInput,
  ]);
  const [head = '', ...lines] = textTable(
    [
      { title: '' },
      { title: 'test' },
      { title: 'kind' },
      { title: 'measured', align: 'right' },
      { title: 'threshold', align: 'right' },
      { title: 'smallest input', shortest: 12 },
    ],
    rows,
    120,
  );
  return [
    `${printable(name)} ${(good ? paint.good : paint.bad)(verdicts[verdict])}`,
    '',
    paint.bold(head),
    ...lines.map((line, index) => (findings[index]?.status === 'fail' ? paint.bad(line) : line)),
    '',
    ...findings.filter((one) => one.status === 'fail' || isObstacle(one)).map(({ message }) => printable(message)),
    ...findings.filter(({ status }) => status === 'reported').map(({ message }) => paint.dim(printable(message))),
    runs
      ? `${thousands(certificate.parameters)} mixer parameters (${fixed(certificate.parameterRatio, 2)} of DeltaNet's)${costs}`
      : 'it has no sizes and costs: a mixer could not be made from it',
    `program ${certificate.programHash.slice(0, 16)}, ${fixed(certificate.cpuSeconds, 1)} CPU-seconds, trainer ${certificate.trainerVersion.slice(0, 12)}`,
  ];
}

const number = (value: number): string => {
  if (Number.isNaN(value)) return '-'; // nothing was measured: the message says why
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : String(value);
};
