/** The boundaries of one step at which a process may be killed; the crash matrix kills it at each of them. */
export const crashPoints = [
  'afterLoad',
  'afterDecide',
  'afterCommit',
  'afterPublish',
  'afterRecord',
  'beforeAck',
] as const;
export type CrashPoint = (typeof crashPoints)[number];

export type CrashPlan = (point: CrashPoint, what: string) => void;

/**
 * From `ASI_CRASH_AT=afterCommit:TRAINED` (a point, and the event at which to die; once per process): the process ends
 * there as if it had been killed. Without the variable nothing ever happens.
 */
export function crashPlanFrom(setting: string | undefined): CrashPlan {
  if (!setting) return () => {};
  const [point, what] = setting.split(':');
  return (reached, event) => {
    if (reached === point && event === what) process.kill(process.pid, 'SIGKILL');
  };
}
