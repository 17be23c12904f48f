const longestPause = 10_000;

/**
 * Runs `work` soon after a call, and not again before `milliseconds` and nine times what the work took have passed: a page
 * that is watched takes at most a tenth of the time from the trainings beside it. Never drops the last call.
 *
 * @param {number} milliseconds
 * @param {() => void | Promise<void>} work
 */
export function throttle(milliseconds, work) {
  let running = false;
  let again = false;
  const run = async () => {
    running = true;
    again = false;
    const start = performance.now();
    try {
      await work();
    } finally {
      setTimeout(
        () => {
          running = false;
          if (again) void run();
        },
        Math.max(milliseconds, Math.min(longestPause, 9 * (performance.now() - start))),
      );
    }
  };
  return () => {
    if (running) again = true;
    else void run();
  };
}
