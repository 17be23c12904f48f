/**
 * The numbers behind a chart, as CSV on the clipboard: one row per point.
 * @param {Document} page
 */
export function installCopyData(page) {
  page.addEventListener('click', async (event) => {
    const button = event.target instanceof Element ? event.target.closest('[data-action="copy-data"]') : null;
    const svg = button?.closest('figure')?.querySelector('svg[data-readout]');
    if (!button || !svg) return;
    const { series, xLabel } = JSON.parse(svg.getAttribute('data-readout') ?? '{}');
    const rows = series.flatMap((/** @type {{ name: string, points: [number, number][] }} */ one) =>
      one.points.map(([x, y]) => [quoted(one.name), x, y].join(',')),
    );
    await navigator.clipboard.writeText([`series,${quoted(xLabel)},value`, ...rows].join('\n'));
    button.textContent = 'copied';
    setTimeout(() => {
      button.textContent = 'copy data';
    }, 1500);
  });
}

/** @param {string} text */
const quoted = (text) => `"${text.replaceAll('"', '""')}"`;
