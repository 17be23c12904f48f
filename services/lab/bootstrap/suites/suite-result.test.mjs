import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countJunit, countVitest, notRunLine, summarize } from './suite-result.mjs';

const result = (passed, failed, skipped = 0) => ({ name: 'x', passed, failed, skipped, seconds: 1 });

test('the last line adds the suites up', () => {
  assert.deepEqual(summarize([result(3, 0), result(4, 0)]), { line: '7 passed, 0 failed', code: 0 });
  assert.deepEqual(summarize([result(3, 1, 2), result(4, 0)]), { line: '7 passed, 1 failed, 2 skipped', code: 1 });
});

test('a run in which nothing ran is a failed run', () => {
  assert.equal(summarize([]).code, 1);
  assert.equal(summarize([result(0, 0, 5)]).code, 1);
});

test('a JUnit report is counted, whatever is in its attributes', () => {
  const xml = `<?xml version="1.0"?><testsuites><testsuite>
    <testcase name="a &gt; b" classname="c" time="1"/>
    <testcase name="x > y"><properties/></testcase>
    <testcase name="bad"><failure message="m > n">t</failure></testcase>
    <testcase name="broken"><error/></testcase>
    <testcase name="later"><skipped message="no chromium"/></testcase></testsuite></testsuites>`;
  assert.deepEqual(countJunit(xml, 1), { passed: 2, failed: 2, skipped: 1, notRun: ['no chromium'] });
});

test('a run that died counts as a failure even if no test failed', () => {
  assert.deepEqual(countJunit(null, 0), { passed: 0, failed: 1, skipped: 0 });
  assert.deepEqual(countJunit(null, 1), { passed: 0, failed: 1, skipped: 0 });
  assert.deepEqual(countJunit('<testsuite><testcase name="a"/></testsuite>', 139), {
    passed: 1,
    failed: 1,
    skipped: 0,
  });
  assert.deepEqual(countVitest(null, 0), { passed: 0, failed: 1, skipped: 0 });
});

test('a test file that does not load is one failure', () => {
  const report = {
    numPassedTests: 5,
    numFailedTests: 0,
    numPendingTests: 1,
    numTodoTests: 0,
    testResults: [
      { status: 'failed', assertionResults: [] },
      { status: 'passed', assertionResults: [{}] },
    ],
  };
  assert.deepEqual(countVitest(report, 1), { passed: 5, failed: 1, skipped: 1 });
});

test('what a machine cannot run is not passed over in silence: one line says what and why, each once', () => {
  const skipped = {
    status: 'skipped',
    title: 'a page',
    ancestorTitles: ['the dashboard (skipped: no chromium; install it)'],
  };
  const browser = countVitest(
    {
      numPassedTests: 1,
      numFailedTests: 0,
      numPendingTests: 3,
      testResults: [
        {
          status: 'passed',
          assertionResults: [
            { status: 'passed', title: 'good', ancestorTitles: [] },
            skipped,
            { ...skipped, title: 'another page' },
            { status: 'skipped', title: 'a copy', ancestorTitles: [] },
          ],
        },
      ],
    },
    0,
  );
  const gpu =
    '<testcase name="x"><skipped type="pytest.skip" message="needs a CUDA device &amp; time">f</skipped></testcase>';
  const results = [browser, countJunit(gpu, 0)].map((count) => ({ ...count, name: 'x', seconds: 1 }));
  assert.equal(
    notRunLine(results),
    'not run here: the dashboard: no chromium; install it | a copy | needs a CUDA device & time',
  );
  assert.equal(notRunLine([result(3, 0)]), null);
});
