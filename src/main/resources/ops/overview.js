// What an operator sees first: money, lanes, charts, and how many jobs are in each state.

import { agreed, setAccounts } from './actions.js';
import { get, lane } from './api.js';
import { classes, hours, lags } from './charts.js';
import { byId, h, toast } from './dom.js';
import { duration, moment, number, t } from './i18n.js';
import { cause, setLanes } from './jobs.js';

const STATES = [
  'CLAIMED', 'READY', 'SUBMITTING', 'SUBMIT_UNKNOWN', 'RUNNING', 'GENERATED', 'FETCHED', 'DELIVERED', 'FAILED',
  'CANCELLED', 'DUPLICATE',
];
const OWNERLESS_MILLIS = 20_000;
const ALWAYS = ['RUNNING', 'DELIVERED', 'FAILED'];

export let profiles = [];
export let kinds = {};

let counts = {};
let facts = null;
let credits = [];
let again = 0;
let hooks = { state: () => '', choose: () => {} };

function card(title, ...content) {
  return h('div', { class: 'card' }, h('h2', {}, title), ...content);
}

function money(spending) {
  const rows = Object.entries(spending.profiles).map(([name, credits]) => {
    const cap = spending.caps[name];
    const text = cap === undefined ? number(credits) : t('money.of', { spent: number(credits), cap: number(cap) });
    return h('li', {}, h('span', {}, name), h('span', { class: 'number' }, text));
  });
  const content = [h('p', { class: 'big' }, number(spending.credits))];
  if (spending.cap === null) {
    content.push(h('p', { class: 'quiet' }, t('money.nocap')));
  } else {
    const text = t('money.of', { spent: number(spending.credits), cap: number(spending.cap) });
    content.push(
      h('progress', { max: spending.cap || 1, value: Math.min(spending.credits, spending.cap), 'aria-label': text }),
      h('p', { class: 'quiet' }, text),
    );
  }
  if (spending.held > 0) {
    content.push(h('p', { class: 'warn' }, t('money.held', { n: number(spending.held) })));
  }
  const left = credits.map((one) =>
    h(
      'li',
      { class: 'left' },
      h('span', {}, t('money.left', { account: one.provider })),
      h('span', { class: 'number' }, number(one.left)),
    ),
  );
  return card(t('money.title'), ...content, h('ul', { class: 'pairs' }, rows, left));
}

async function switchLane(account) {
  const verb = account.paused ? 'resume' : 'pause';
  if (!account.paused && !(await agreed('pause', t('ask.pause.says', { lane: account.provider })))) {
    return;
  }
  try {
    facts.lanes = await lane(account.provider, verb);
    setLanes(facts.lanes.closed);
    draw();
    byId('overview').querySelector(`[data-lane="${account.provider}"]`)?.focus();
    toast(t(verb === 'pause' ? 'lanes.paused.done' : 'lanes.resumed.done', { lane: account.provider }));
  } catch (error) {
    toast(error.message, true);
  }
}

function laneState(one) {
  if (one.cause === 'paused') {
    return [
      h('span', { class: 'lane paused' }, t('lanes.paused')),
      h('p', { class: 'quiet' }, t('lanes.since', { since: moment(one.since) })),
    ];
  }
  const wait = h('time', { datetime: one.nextLook });
  wait.tick = () => {
    wait.textContent = t('lanes.next', { time: duration(Date.parse(one.nextLook) - Date.now()) });
  };
  wait.tick();
  return [
    h('span', { class: 'lane closed' }, t('lanes.closed', { cause: cause(one.cause) })),
    h('p', { class: 'quiet' }, one.model ? `${one.model}: ` : '', one.message, ' — ', wait),
  ];
}

function laneCard({ accounts, closed }) {
  const used = new Set([...profiles.map((one) => one.provider), ...closed.map((one) => one.provider)]);
  const isClosed = (provider) => closed.some((one) => one.provider === provider);
  const rows = accounts
    .filter((account) => used.has(account.provider) && (account.setUp || isClosed(account.provider)))
    .map((account) => {
      const mine = closed.filter((one) => one.provider === account.provider);
      const verb = account.paused ? 'resume' : 'pause';
      return h(
        'li',
        {},
        h('span', { class: 'account' }, account.provider),
        mine.length === 0 ? h('span', { class: 'lane open' }, t('lanes.open')) : mine.flatMap(laneState),
        h(
          'button',
          {
            type: 'button',
            class: 'small',
            'data-lane': account.provider,
            'aria-label': t(`lanes.${verb}.label`, { lane: account.provider }),
            onclick: () => switchLane(account),
          },
          t(`lanes.${verb}`),
        ),
      );
    });
  return card(t('lanes.title'), h('ul', { class: 'pairs lanes' }, rows));
}

/** Those that share the ledger; nothing where it has one. */
function nodeCard({ shared, node, nodes, lanes }) {
  if (!shared) {
    return [];
  }
  const rows = nodes.map((one) => {
    const name = one.name === node ? t('nodes.this', { name: one.name }) : one.name;
    const tone = { up: 'open', gone: 'closed' }[one.state] ?? 'paused';
    const has = one.lanes.length ? t('nodes.owns', { lanes: one.lanes.join(', ') }) : t('nodes.owns.none');
    return h(
      'li',
      {},
      h('span', { class: 'account' }, name),
      h('span', { class: `lane ${tone}` }, t(`nodes.${one.state}`)),
      h(
        'p',
        { class: 'quiet' },
        t('nodes.says', { has, jobs: number(one.jobs), time: duration(one.silentMillis), version: one.version }),
      ),
    );
  });
  // a lane changes its owner in seconds, which nobody need be told of
  const waiting = lanes
    .filter((lane) => lane.node === null && lane.ownerlessMillis > OWNERLESS_MILLIS)
    .map((lane) => h('p', { class: 'warn' }, t('nodes.ownerless', { lane: lane.provider })));
  return [card(t('nodes.title'), h('ul', { class: 'pairs lanes' }, rows), ...waiting)];
}

function times(figures) {
  const line = (name, millis) =>
    h('li', {}, h('span', {}, name), h('span', { class: 'number' }, duration(millis, true)));
  const lines = [];
  for (const part of ['all', 'delivery']) {
    if (figures.tookMillis[part] > 0) {
      lines.push(line(t(`times.${part}`), figures.tookMillis[part]));
    }
  }
  for (const [account, millis] of Object.entries(figures.lagMillis)) {
    lines.push(line(t('times.lag', { account }), millis));
  }
  return card(
    t('chart.times'),
    ...lags(figures.hours),
    lines.length ? h('ul', { class: 'pairs' }, lines) : h('p', { class: 'quiet' }, t('chart.none')),
  );
}

export function draw() {
  const chosen = hooks.state();
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const chip = (state, name, count) =>
    h(
      'button',
      {
        type: 'button',
        class: 'chip',
        'data-state': state,
        'aria-pressed': String(chosen === state),
        onclick: () => hooks.choose({ state }),
      },
      h('span', {}, name),
      ' ',
      h('b', {}, number(count)),
    );
  const focused = document.activeElement?.dataset?.state;
  byId('states').replaceChildren(
    chip('', t('state.ALL'), all),
    ...STATES.filter((state) => counts[state] || ALWAYS.includes(state) || chosen === state).map((state) =>
      chip(state, t(`state.${state}`), counts[state] ?? 0),
    ),
  );
  if (focused !== undefined) {
    byId('states').querySelector(`[data-state="${focused}"]`)?.focus();
  }
  const lanesFocused = document.activeElement?.dataset?.lane;
  if (facts) {
    byId('overview').replaceChildren(
      money(facts.spending),
      laneCard(facts.lanes),
      ...nodeCard(facts.nodes),
      card(t('chart.hours'), ...hours(facts.figures.hours)),
      card(t('chart.failures'), ...classes(facts.figures.failures, (name) => hooks.choose({ class: name }))),
      times(facts.figures),
    );
  }
  if (lanesFocused !== undefined) {
    byId('overview').querySelector(`[data-lane="${lanesFocused}"]`)?.focus();
  }
}

export function setCounts(states) {
  counts = states;
  draw();
}

/** Asks for all but the counts. */
export async function refresh() {
  const [spending, lanes, nodes, figures] = await Promise.all([
    get('spending'),
    get('lanes'),
    get('nodes'),
    get('figures'),
  ]);
  facts = { spending, lanes, nodes, figures };
  setLanes(lanes.closed);
  setAccounts(lanes.accounts);
  draw();
  askCredits().catch(() => {});
}

/** Asks what is left; the providers may take their time to say. */
async function askCredits() {
  const told = await get('credits');
  credits = told.accounts;
  draw();
  clearTimeout(again);
  if (told.asking) {
    again = setTimeout(() => askCredits().catch(() => {}), 2000);
  }
}

export async function start(given) {
  hooks = given;
  ({ profiles, kinds } = await get('profiles'));
  await refresh();
}
