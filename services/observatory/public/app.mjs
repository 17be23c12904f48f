import { installCopyData } from './charts/copy-data.mjs';
import { installCrosshair } from './charts/crosshair.mjs';
import { h } from './dom/element.mjs';
import { morph } from './dom/morph.mjs';
import { get } from './live/api.mjs';
import { forgetProblems, readOpened } from './live/artifacts.mjs';
import { connectEvents } from './live/event-source.mjs';
import { addMessage, addTelemetry, createLiveState } from './live/live-state.mjs';
import { throttle } from './live/throttle.mjs';
import { bar } from './parts/bar.mjs';
import { installNavigation } from './parts/navigation.mjs';
import { installTheme } from './parts/theme.mjs';
import { parseRoute } from './route.mjs';
import { unknownCampaignView } from './views/unknown-campaign-view.mjs';
import { viewOf } from './views/views.mjs';

const main = /** @type {HTMLElement} */ (document.querySelector('#main'));
const live = createLiveState();
/** Null until they are known. @type {ReadonlyArray<import('@asi/reading').CampaignSummary> | null} */
let known = null;
let route = parseRoute(location.hash);
/** @type {{ address: string, data: unknown } | null} */
let loaded = null;
/** @type {Error | null} */
let failure = null;

/** Of the experiment that is shown, or the one that was chosen, or the open one, or the newest. */
const campaignId = () =>
  known?.find(({ id }) => route.id?.startsWith(`${id}-`))?.id ??
  route.query.campaign ??
  known?.find(({ state }) => state === 'running' || state === 'paused')?.id ??
  known?.at(-1)?.id ??
  null;
const isUnknown = () => known !== null && campaignId() !== null && !known.some(({ id }) => id === campaignId());
const context = () => ({ route, live, campaignId: campaignId(), campaigns: known ?? [] });
const shownView = () => (isUnknown() ? unknownCampaignView : viewOf(route));

/** What the data of the current view depend on; an order or a selection is not among it, so it shows at once. */
const address = () =>
  JSON.stringify([
    route.view,
    route.id,
    isUnknown(),
    ...['campaign', ...viewOf(route).dependsOn].map((name) => route.query[name] ?? ''),
  ]);

function drawBar() {
  const header = document.querySelector('#bar');
  if (header) morph(header, bar({ ...context(), isUnknown: isUnknown(), connection: live.connection }));
}

/** Draws what is known now; only what changed touches the page. */
function draw() {
  const view = shownView();
  const content = h('main', { id: 'main', tabindex: '-1' });
  if (failure) content.append(h('p', { class: 'notice bad', role: 'alert' }, failure.message));
  if (loaded?.address === address()) content.append(view.render(loaded.data, context()));
  else if (!failure) content.append(h('p', { class: 'empty' }, 'Loading …'));
  drawBar();
  morph(main, content);
  document.title = `${view.title(context())} · Observatory`;
  void readOpened(main, live.artifacts, draw);
}

async function load() {
  let wanted = address();
  try {
    known = await get('campaigns');
    // Only now it is known whether there is such a campaign.
    wanted = address();
    const data = await shownView().load(context());
    if (wanted !== address()) return;
    loaded = { address: wanted, data };
    failure = null;
  } catch (error) {
    if (wanted !== address()) return;
    failure = error instanceof Error ? error : new Error(String(error));
  }
  draw();
}

const reload = throttle(700, async () => {
  if (document.visibilityState === 'visible') await load();
});
const redraw = throttle(250, () => {
  if (document.visibilityState === 'visible' && shownView().isLive) draw();
});

window.addEventListener('hashchange', () => {
  const before = { ...route, address: address() };
  route = parseRoute(location.hash);
  if (before.address !== address()) {
    failure = null;
    void load();
  }
  draw();
  if (before.view !== route.view || before.id !== route.id) {
    live.artifacts.clear();
    window.scrollTo(0, 0);
    main.focus({ preventScroll: true });
  }
});
document.addEventListener('visibilitychange', reload);

// Envelopes, prompts and answers are asked for when their part is opened; `toggle` does not bubble, so it is caught on the way down.
document.addEventListener(
  'toggle',
  async (event) => {
    const details = event.target;
    if (!(details instanceof HTMLDetailsElement) || !details.open) return;
    if (details.dataset.artifacts) {
      forgetProblems(details, live.artifacts);
      draw();
    }
    if (!details.dataset.sequence) return;
    const sequence = Number(details.dataset.sequence);
    if (live.envelopes.has(sequence)) return;
    const record = await get(`journal/${sequence}`).catch((error) => ({ problem: error.message }));
    live.envelopes.set(sequence, JSON.stringify(record.envelope ?? record, null, 2));
    draw();
  },
  true,
);

installTheme(document);
installNavigation(document, main);
installCrosshair(main);
installCopyData(document);
draw();
await load();

const newest = await get('journal', { limit: '100' }).catch(() => null);
live.messages = newest?.lines ?? [];
for (const training of await get('telemetry').catch(() => [])) live.trainings.set(training.experimentId, training);
draw();
connectEvents(
  {
    connection: (state) => {
      // What happened while the connection was down comes as messages; what the numbers are now is asked again.
      if (state === 'live' && live.connection !== 'live') reload();
      live.connection = state;
      if (state === 'connecting') drawBar();
      else draw();
    },
    message: (line) => {
      addMessage(live, line);
      if (shownView().refreshes(line, context())) reload();
      redraw();
    },
    telemetry: (progress) => {
      addTelemetry(live, progress);
      redraw();
    },
    status: (status) => {
      live.status = /** @type {import('../src/stack/with-supervised.ts').DashboardStatus} */ (status);
      redraw();
    },
  },
  newest?.lastSequence ?? null,
);
// Ages move without any message, and so does the time left.
setInterval(redraw, 5000);
setInterval(reload, 20_000);
