// Puts the page together. What is shown stands in the address, so that it can be passed on.

import * as actions from './actions.js';
import { listen, query } from './api.js';
import * as detail from './detail.js';
import { byId, h, remember, remembered } from './dom.js';
import * as drop from './drop.js';
import { choose, current, number, t, translate } from './i18n.js';
import * as jobs from './jobs.js';
import * as keys from './keys.js';
import * as overview from './overview.js';

const FILTERS = ['state', 'class', 'profile', 'text'];
const CLASSES = [
  'unpaired', 'invalid', 'rejected', 'generation', 'provider', 'expired', 'submit-unknown', 'result', 'delivery',
];
const THEMES = ['auto', 'light', 'dark'];
const CALM_MILLIS = 4000;

let view = {};
let live = false;

function readAddress() {
  const words = new URLSearchParams(location.search);
  view = Object.fromEntries([...FILTERS, 'job'].map((name) => [name, words.get(name) ?? '']));
}

function writeAddress(push) {
  const words = query(view);
  const address = words ? `?${words}` : location.pathname;
  if (push) {
    history.pushState(null, '', address);
  } else {
    history.replaceState(null, '', address);
  }
}

const filter = () => Object.fromEntries(FILTERS.map((name) => [name, view[name]]));

function drawFilters() {
  const options = (names, label) => [
    h('option', { value: '' }, t('filter.any')),
    ...names.map((name) => h('option', { value: name }, label(name))),
  ];
  byId('class').replaceChildren(...options(CLASSES, (name) => t(`class.${name}`)));
  const names = overview.profiles.map((one) => one.name);
  if (view.profile && !names.includes(view.profile)) {
    names.push(view.profile);
  }
  byId('profile').replaceChildren(...options(names, (name) => name));
  byId('class').value = view.class;
  byId('profile').value = view.profile;
  if (document.activeElement !== byId('text')) {
    byId('text').value = view.text;
  }
}

function drawBulk() {
  const count = jobs.selection.size;
  const bar = byId('bulk');
  bar.hidden = count === 0;
  const verbs = actions.VERBS.filter((verb) => verb !== 'attach' || count === 1);
  bar.replaceChildren(
    h('b', {}, t('select.count', { n: number(count) })),
    ...actions.buttons(verbs, () => [...jobs.selection], acted),
    h('button', { type: 'button', id: 'matching', onclick: jobs.selectMatching }, t('select.matching')),
    h('button', { type: 'button', onclick: jobs.selectNone }, t('select.none')),
  );
}

function acted() {
  jobs.refresh();
  detail.refresh();
}

/** Changes what is shown. */
function go(change, push = true) {
  view = { ...view, ...change };
  writeAddress(push);
  drawFilters();
  overview.draw();
  jobs.reload();
}

function openJob(id) {
  view.job = id;
  writeAddress(true);
  detail.open(id);
}

function drawTheme() {
  const theme = remembered('theme') ?? 'auto';
  document.documentElement.dataset.theme = theme;
  byId('theme').textContent = t(`theme.${theme}`);
}

function nextTheme() {
  const theme = remembered('theme') ?? 'auto';
  remember('theme', THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]);
  drawTheme();
  overview.draw();
}

function drawLive() {
  byId('live').className = live ? 'on' : 'off';
  byId('live').textContent = t(live ? 'live.on' : 'live.off');
}

function drawWords() {
  translate();
  drawTheme();
  drawLive();
  drawFilters();
  overview.draw();
  jobs.redraw();
}

function setLanguage(name) {
  choose(name);
  byId('language').value = current();
  drawWords();
  detail.refresh();
}

const bulk = (verb) => () => actions.run(verb, [...jobs.selection]).then(acted);

const DEEDS = {
  '/': () => byId('text').focus(),
  j: () => jobs.move(1),
  k: () => jobs.move(-1),
  x: () => {
    const id = jobs.currentId();
    if (id) {
      jobs.select(id, !jobs.selection.has(id));
    }
  },
  a: () => jobs.selectPage(!byId('all').checked),
  c: bulk('recheck'),
  d: bulk('redeliver'),
  r: bulk('resubmit'),
  Delete: bulk('cancel'),
  u: () => drop.open(),
  m: jobs.more,
  t: nextTheme,
  l: () => setLanguage(current() === 'en' ? 'zh' : 'en'),
};

function whenTyped() {
  let timer = 0;
  byId('text').addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => go({ text: byId('text').value.trim() }, false), 200);
  });
  byId('text').addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      byId('text').blur();
    }
  });
}

/** At most one look in a while, and one after the last change. */
function calmly(look) {
  let next = 0;
  let timer = 0;
  return () => {
    if (timer) {
      return;
    }
    timer = setTimeout(
      () => {
        timer = 0;
        next = Date.now() + CALM_MILLIS;
        look().catch(() => {});
      },
      Math.max(0, next - Date.now()),
    );
  };
}

function follow() {
  const figures = calmly(overview.refresh);
  listen(
    (states) => {
      overview.setCounts(states);
      jobs.refresh();
      detail.refresh();
      figures();
    },
    (on) => {
      live = on;
      drawLive();
    },
  );
  setInterval(jobs.tick, 1000);
}

async function start() {
  readAddress();
  byId('language').value = current();
  byId('language').addEventListener('change', (event) => setLanguage(event.target.value));
  byId('theme').addEventListener('click', nextTheme);
  byId('class').addEventListener('change', (event) => go({ class: event.target.value }));
  byId('profile').addEventListener('change', (event) => go({ profile: event.target.value }));
  whenTyped();
  jobs.start({ filter, open: openJob, selected: drawBulk });
  detail.start({
    open: openJob,
    changed: acted,
    closed: () => {
      view.job = '';
      writeAddress(false);
    },
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', overview.draw);
  drop.start(acted);
  keys.start(DEEDS);
  window.addEventListener('popstate', () => {
    readAddress();
    drawFilters();
    overview.draw();
    jobs.reload();
    if (view.job) {
      detail.open(view.job);
    } else {
      byId('detail').close();
    }
  });
  drawWords();
  follow();
  await Promise.all([jobs.reload(), overview.start({ state: () => view.state, choose: go }).then(drawFilters)]);
  if (view.job) {
    detail.open(view.job);
  }
  document.documentElement.dataset.ready = 'yes';
}

start();
