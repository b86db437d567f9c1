// What an operator sees first: money, lanes, charts, and how many jobs are in each state.

import { get } from './api.js';
import { classes, hours } from './charts.js';
import { byId, h } from './dom.js';
import { duration, number, t } from './i18n.js';
import { setLanes } from './jobs.js';

const STATES = [
  'CLAIMED', 'READY', 'SUBMITTING', 'SUBMIT_UNKNOWN', 'RUNNING', 'GENERATED', 'FETCHED', 'DELIVERED', 'FAILED',
  'CANCELLED', 'DUPLICATE',
];
const ALWAYS = ['RUNNING', 'DELIVERED', 'FAILED'];

export let profiles = [];

let counts = {};
let facts = null;
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
  return card(t('money.title'), ...content, h('ul', { class: 'pairs' }, rows));
}

function laneCard(closed) {
  const providers = [...new Set([...profiles.map((one) => one.provider), ...closed.map((one) => one.provider)])];
  const rows = providers.map((provider) => {
    const mine = closed.filter((lane) => lane.provider === provider);
    if (mine.length === 0) {
      return h('li', {}, h('span', {}, provider), h('span', { class: 'lane open' }, t('lanes.open')));
    }
    return mine.map((lane) => {
      const wait = h('time', { datetime: lane.nextLook });
      wait.tick = () => {
        wait.textContent = t('lanes.next', { time: duration(Date.parse(lane.nextLook) - Date.now()) });
      };
      wait.tick();
      return h(
        'li',
        {},
        h('span', {}, `${provider} ${lane.model}`),
        h('span', { class: 'lane closed' }, t('lanes.closed', { cause: lane.cause })),
        h('p', { class: 'quiet' }, lane.message, ' — ', wait),
      );
    });
  });
  return card(t('lanes.title'), h('ul', { class: 'pairs' }, rows.flat()));
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
  if (facts) {
    byId('overview').replaceChildren(
      money(facts.spending),
      laneCard(facts.lanes.closed),
      card(t('chart.hours'), ...hours(facts.figures.hours)),
      card(t('chart.failures'), ...classes(facts.figures.failures, (name) => hooks.choose({ class: name }))),
      times(facts.figures),
    );
  }
}

export function setCounts(states) {
  counts = states;
  draw();
}

/** Asks for all but the counts. */
export async function refresh() {
  const [spending, lanes, figures] = await Promise.all([get('spending'), get('lanes'), get('figures')]);
  facts = { spending, lanes, figures };
  setLanes(lanes.closed);
  draw();
}

export async function start(given) {
  hooks = given;
  profiles = (await get('profiles')).profiles;
  await refresh();
}
