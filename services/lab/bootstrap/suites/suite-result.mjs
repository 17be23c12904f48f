/**
 * @typedef {{name: string, passed: number, failed: number, skipped: number, seconds: number}} SuiteResult
 */

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
  for (const [, attributes, body = ''] of xml.matchAll(
    /<testcase\b((?:[^>"]|"[^"]*")*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g,
  )) {
    void attributes;
    if (/<(failure|error)\b/.test(body)) count.failed++;
    else if (/<skipped\b/.test(body)) count.skipped++;
    else count.passed++;
  }
  return blameExit(count, exitCode);
}

/**
 * Counts vitest's JSON report. A file that fails to load has no tests and counts as one failure.
 * @param {{numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests?: number, testResults: {status: string, assertionResults: unknown[]}[]} | null} report
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
  return blameExit(count, exitCode);
}

const blameExit = (count, exitCode) => (exitCode !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count);
