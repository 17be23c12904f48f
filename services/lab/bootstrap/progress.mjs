import { interruptSignal } from './interruption.mjs';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const plainReportMilliseconds = 20_000;

/**
 * Shows that something is under way while `work` runs: a line with the elapsed time on a terminal, plain lines elsewhere.
 * @template Result
 * @param {string} title what is being done, and why
 * @param {string} duration how long it may take, in words
 * @param {(tools: {say: (text: string) => void, tell: (text: string) => void}) => Promise<Result>} work
 *   `say` replaces the words after the elapsed time, and is seen on a terminal only; `tell` adds a line that stays
 * @returns {Promise<Result>}
 */
export async function withProgress(title, duration, work, { out = process.stdout, now = Date.now } = {}) {
  const begun = now();
  const elapsed = () => `${Math.round((now() - begun) / 1000)} s`;
  let detail = '';
  let frame = 0;
  const line = (mark) => `${mark} ${title} (${elapsed()} of ${duration})${detail ? `: ${detail}` : ''}`;
  const say = (text) => {
    detail = text.trim();
  };
  const tell = (text) => void out.write(`${out.isTTY ? '\r\x1b[K' : ''}  ${text}\n`);
  const draw = () => {
    // The interruption has said what happens now, and stays the last line.
    if (interruptSignal().aborted) return;
    const width = (out.columns || 100) - 1;
    out.write(`\r\x1b[K${line(frames[frame++ % frames.length]).slice(0, width)}`);
  };
  if (!out.isTTY) out.write(`- ${title} (takes ${duration})\n`);
  const timer = out.isTTY
    ? setInterval(draw, 100)
    : setInterval(() => out.write(`  still at it: ${title} (${elapsed()})\n`), plainReportMilliseconds);
  try {
    const result = await work({ say, tell });
    out.write(`${out.isTTY ? '\r\x1b[K' : ''}✓ ${title} (${elapsed()})\n`);
    return result;
  } catch (error) {
    out.write(`${out.isTTY ? '\r\x1b[K' : ''}✗ ${title} (${elapsed()})\n`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}
