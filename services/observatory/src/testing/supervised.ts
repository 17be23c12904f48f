/** What lab would say of the processes that it keeps running. */
export const supervised = (restarts: number) => {
  const common = { since: new Date().toISOString(), pid: 1, url: null, lastError: null };
  const lastError = { code: 'x', message: 'the port of the runner is taken' };
  return {
    processes: [
      { ...common, name: 'observatory', state: 'running', restarts },
      { ...common, name: 'gpu-runner', state: 'backing-off', restarts: 7, lastError },
    ],
  };
};
