import { h, s } from '../dom/element.mjs';
import { fixed } from '../format/numbers.mjs';

/**
 * Under the pointer, every chart says the values of its curves: one listener for all charts of the page.
 * @param {HTMLElement} root
 */
export function installCrosshair(root) {
  const box = h('div', { class: 'readout', hidden: true });
  document.body.append(box);
  /** @type {SVGElement | null} */
  let line = null;
  const hide = () => {
    box.hidden = true;
    line?.remove();
    line = null;
  };
  root.addEventListener('pointerleave', hide);
  root.addEventListener('pointermove', (event) => {
    const target = event.target instanceof Element ? event.target.closest('svg[data-readout]') : null;
    hide();
    if (!(target instanceof SVGSVGElement)) return;
    const frame = JSON.parse(target.getAttribute('data-frame') ?? '{}');
    const readout = JSON.parse(target.getAttribute('data-readout') ?? '{}');
    const matrix = target.getScreenCTM();
    if (!matrix) return;
    const { x: px } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    if (px < frame.left || px > frame.right) return;
    const value = frame.x[0] + ((px - frame.left) / (frame.right - frame.left)) * (frame.x[1] - frame.x[0]);
    line = s('line', { class: 'crosshair', x1: px, x2: px, y1: frame.top, y2: frame.bottom });
    target.append(line);
    box.replaceChildren(
      h('b', {}, `${readout.xLabel} ${Math.round(value)}`),
      ...readout.series.map((/** @type {{ name: string, points: [number, number][] }} */ one) =>
        h(
          'div',
          {},
          h('span', {}, one.name),
          h('span', { class: 'number' }, fixed(nearest(one.points, value), readout.digits)),
        ),
      ),
    );
    box.hidden = false;
    const left = Math.min(event.clientX + 14, window.innerWidth - box.offsetWidth - 8);
    box.style.left = `${left}px`;
    box.style.top = `${event.clientY + 14}px`;
  });
}

/**
 * @param {ReadonlyArray<readonly [number, number]>} points
 * @param {number} x
 */
function nearest(points, x) {
  let best = points[0];
  for (const point of points) if (best && Math.abs(point[0] - x) < Math.abs(best[0] - x)) best = point;
  return best?.[1];
}
