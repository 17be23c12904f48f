/**
 * @typedef {{passed: number, failed: number, skipped: number, notRun?: string[]}} Count `notRun`: what was skipped, and why, each once
 * @typedef {Count & {name: string, seconds: number}} SuiteResult
 */

/** One line of what did not run on this machine, and why; null when everything did. @param {SuiteResult[]} results */
export function notRunLine(results) {
  const notRun = [...new Set(results.flatMap((result) => result.notRun ?? []))];
  return notRun.length === 0 ? null : `not run here: ${notRun.join(' | ')}`;
}

/**
 * The last line of `npm test`, and its exit code: failures and an empty run are both failures.
 * @param {SuiteResult[]} results
 */
export function summarize(results) {
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const [passed, failed, skipped] = [sum('passed'), sum('failed'), sum('skipped')];
  return {
    line: `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
    code: failed > 0 || passed === 0 ? 1 : 0,
  };
}

/**
 * Counts a JUnit report, as pytest and node --test write it.
 * @param {string | null} xml null when the run did not come to write one
 * @param {number | null} exitCode of the run: a run that failed without a failed test counts as one failure
 */
export function countJunit(xml, exitCode) {
  if (xml === null) return { passed: 0, failed: 1, skipped: 0 };
  const count = { passed: 0, failed: 0, skipped: 0 };
  const notRun = new Set();
  for (const [, attributes, body = ''] of xml.matchAll(
    /<testcase\b((?:[^>"]|"[^"]*")*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g,
  )) {
    if (/<(failure|error)\b/.test(body)) count.failed++;
    else if (/<skipped\b/.test(body)) {
      count.skipped++;
      const why = /<skipped\b[^>]*?\bmessage="([^"]+)"/.exec(body)?.[1];
      const name = /\bname="([^"]*)"/.exec(attributes)?.[1] ?? 'a test';
      notRun.add(unescaped(why && why !== 'true' ? why : name));
    } else count.passed++;
  }
  return withNotRun(blameExit(count, exitCode), notRun);
}

/**
 * Counts vitest's JSON report. A file that fails to load has no tests and counts as one failure.
 * Of a skipped test the title of its group, or its own, tells why: "what (skipped: why)".
 * @param {{numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests?: number, testResults: {status: string, assertionResults: {status?: string, title?: string, ancestorTitles?: string[]}[]}[]} | null} report
 * @param {number | null} exitCode
 */
export function countVitest(report, exitCode) {
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  const count = {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  };
  const notRun = report.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => ['skipped', 'pending', 'todo'].includes(status))
    .map(({ title, ancestorTitles = [] }) => {
      const titles = [...ancestorTitles, title].filter(Boolean);
      return (titles.find((one) => one.includes(' (skipped: ')) ?? titles[0]).replace(/ \(skipped: (.*)\)$/, ': $1');
    });
  return withNotRun(blameExit(count, exitCode), new Set(notRun));
}

const withNotRun = (count, notRun) => (notRun.size > 0 ? { ...count, notRun: [...notRun] } : count);

const entities = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const unescaped = (text) => text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name) => entities[name]);

const blameExit = (count, exitCode) => (exitCode !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count);
