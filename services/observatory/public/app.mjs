import { installCrosshair } from './charts/crosshair.mjs';
import { h } from './dom/element.mjs';
import { morph } from './dom/morph.mjs';
import { get } from './live/api.mjs';
import { connectEvents } from './live/event-source.mjs';
import { addMessage, addTelemetry, createLiveState } from './live/live-state.mjs';
import { throttle } from './live/throttle.mjs';
import { bar } from './parts/bar.mjs';
import { installTheme } from './parts/theme.mjs';
import { parseRoute } from './route.mjs';
import { viewOf } from './views/views.mjs';

const main = /** @type {HTMLElement} */ (document.querySelector('#main'));
const live = createLiveState();
/** @type {ReadonlyArray<import('@asi/reading').CampaignSummary>} */
let campaigns = [];
let route = parseRoute(location.hash);
/** @type {{ hash: string, data: unknown } | null} */
let loaded = null;
/** @type {Error | null} */
let failure = null;

const context = () => ({ route, live, campaignId: route.query.campaign ?? campaigns.at(-1)?.id ?? null, campaigns });

/** Draws what is known now; called often, because only what changed touches the page. */
function draw() {
  const view = viewOf(route);
  const content = h('main', { id: 'main', tabindex: '-1' });
  if (failure) content.append(h('p', { class: 'notice bad', role: 'alert' }, failure.message));
  if (loaded && loaded.hash === location.hash) content.append(view.render(loaded.data, context()));
  else if (!failure) content.append(h('p', { class: 'empty' }, 'Loading …'));
  const header = document.querySelector('#bar');
  if (header) morph(header, bar({ ...context(), connection: live.connection }));
  morph(main, content);
  document.title = `${view.title(context())} · Observatory`;
}

async function load() {
  const hash = location.hash;
  try {
    campaigns = await get('campaigns');
    const data = await viewOf(route).load(context());
    if (hash !== location.hash) return;
    loaded = { hash, data };
    failure = null;
  } catch (error) {
    if (hash !== location.hash) return;
    failure = error instanceof Error ? error : new Error(String(error));
  }
  draw();
}

const reload = throttle(700, load);
const redraw = throttle(250, draw);

window.addEventListener('hashchange', () => {
  const before = route;
  route = parseRoute(location.hash);
  failure = null;
  draw();
  if (before.view !== route.view || before.id !== route.id) {
    window.scrollTo(0, 0);
    main.focus({ preventScroll: true });
  }
  void load();
});

document.addEventListener('change', (event) => {
  const select = event.target;
  if (select instanceof HTMLSelectElement && select.hasAttribute('data-navigate')) location.hash = select.value;
});

// Envelopes are asked for when a message is opened; `toggle` does not bubble, so it is caught on the way down.
document.addEventListener(
  'toggle',
  async (event) => {
    const details = event.target;
    if (!(details instanceof HTMLDetailsElement) || !details.open || !details.dataset.sequence) return;
    const sequence = Number(details.dataset.sequence);
    if (live.envelopes.has(sequence)) return;
    const record = await get(`journal/${sequence}`).catch((error) => ({ problem: error.message }));
    live.envelopes.set(sequence, JSON.stringify(record.envelope ?? record, null, 2));
    draw();
  },
  true,
);

installTheme(document);
installCrosshair(main);
draw();
await load();

const newest = await get('journal', { limit: '100' }).catch(() => null);
live.messages = newest?.lines ?? [];
for (const training of await get('telemetry').catch(() => [])) live.trainings.set(training.experimentId, training);
connectEvents(
  {
    connection: (state) => {
      // What happened while the connection was down comes as messages; what the processes and numbers are now is asked again.
      if (state === 'live' && live.connection !== 'live') reload();
      live.connection = state;
      draw();
    },
    message: (record) => {
      addMessage(live, record);
      if (viewOf(route).refreshes(record, context())) reload();
      redraw();
    },
    telemetry: (progress) => {
      addTelemetry(live, progress);
      redraw();
    },
    status: (status) => {
      live.status = /** @type {import('@asi/reading').Status} */ (status);
      redraw();
    },
  },
  newest?.lastSequence ?? null,
);
// Ages and times left move without any message.
setInterval(redraw, 5000);
setInterval(() => document.visibilityState === 'visible' && reload(), 20_000);
