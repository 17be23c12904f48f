/**
 * Runs `work` soon after a call, and at most once per `milliseconds` however often it is called. Never drops the last call.
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
    await work();
    setTimeout(() => {
      running = false;
      if (again) void run();
    }, milliseconds);
  };
  return () => {
    if (running) again = true;
    else void run();
  };
}
