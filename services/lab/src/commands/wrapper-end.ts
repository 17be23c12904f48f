/**
 * Calls back when the program behind `npm start` or `npm run asi` has gone without having been able to pass a signal on
 * (SIGKILL). It holds the other end of our IPC channel, through which nothing is ever sent; a process that was started
 * in another way has no such channel. Node keeps both the channel and its variable from whatever is started here.
 */
export function onWrapperEnd(act: () => void): void {
  process.once('disconnect', act);
  // Listening must not keep a command alive that has done its work.
  process.channel?.unref();
}
