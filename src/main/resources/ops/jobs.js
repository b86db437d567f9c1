// The table of jobs: one page after the other, kept up to date row by row.

import { get, query } from './api.js';
import { byId, h, toast } from './dom.js';
import { current, duration, has, moment, number, t } from './i18n.js';

const PAGE = 50;
const MOST = 500;
const MOST_SELECTED = 1000;

const rows = new Map();
let jobs = [];
let asked = false;
let next = null;
let loading = null;
let here = -1;
let closedLanes = [];
let hooks = { filter: () => ({}), open: () => {}, selected: () => {} };

export const selection = new Set();

/** Why a lane is closed, in the reader's language where there is a word for it. */
export const cause = (word) => (has(`cause.${word}`) ? t(`cause.${word}`) : word);

/** Why a job is where it is, in one sentence; empty if there is nothing to say. */
export function why(job) {
  if (job.class && job.state !== 'CANCELLED') {
    return job.failMessage;
  }
  if (job.held) {
    // the server names the cap, in English
    const kind = job.estimate === null ? 'held.price' : 'held.cap';
    return current() === 'en' ? job.held : t(kind, { n: number(job.estimate ?? 0) });
  }
  if (job.state === 'READY' && closedLanes.some((one) => one.provider === job.provider && one.cause === 'paused')) {
    return t('why.paused', { lane: job.provider });
  }
  const lane = closedLanes.find(
    (one) => one.provider === job.provider && (one.model === '' || one.model === job.model),
  );
  if (lane && job.state === 'READY') {
    const name = `${lane.provider} ${lane.model}`.trim();
    return t('why.lane', { lane: name, cause: cause(lane.cause), message: lane.message });
  }
  if (job.tries > 0 && job.troubleSince) {
    const tried = t('why.tries', { n: job.tries, since: moment(job.troubleSince) });
    return job.trouble ? `${tried} ${job.trouble}` : tried;
  }
  if (job.state === 'RUNNING' && job.providerWord) {
    return t('why.says', { word: job.providerWord });
  }
  return t(`why.${job.state}`);
}

export function badge(job) {
  const name = h('span', { class: `state ${job.state}` }, t(`state.${job.state}`));
  return job.class && job.state === 'FAILED'
    ? [name, ' ', h('span', { class: 'class' }, t(`class.${job.class}`))]
    : [name];
}

export function cost(job) {
  if (job.credits !== null) {
    return number(job.credits);
  }
  if (job.state === 'DUPLICATE' || (job.class && job.charged === 'no')) {
    return number(0);
  }
  return job.estimate === null ? t('cost.unknown') : t('cost.about', { n: number(job.estimate) });
}

/** How far a running job is, by what its task usually takes. */
export function progress(job) {
  if (job.state === 'DELIVERED') {
    const took = Date.parse(job.deliveredAt) - Date.parse(job.createdAt);
    return [h('span', { class: 'quiet' }, t('took.all', { time: duration(took, true) }))];
  }
  if (job.expectedMillis === undefined || job.elapsedMillis === undefined) {
    return [];
  }
  const bar = h('progress', { max: job.expectedMillis });
  const text = h('span', { class: 'quiet' });
  const tick = () => {
    const elapsed = job.elapsedMillis + performance.now() - job.seenAt;
    const left = job.expectedMillis - elapsed;
    bar.value = Math.min(elapsed, job.expectedMillis);
    text.textContent = t(left >= 0 ? 'left.about' : 'left.over', { time: duration(Math.abs(left)) });
    bar.setAttribute('aria-label', t('left.label', { name: job.name, text: text.textContent }));
  };
  tick();
  bar.tick = tick;
  return [bar, text];
}

export function age(job) {
  const time = h('time', { datetime: job.createdAt, title: moment(job.createdAt) });
  time.tick = () => {
    time.textContent = duration(Date.now() - Date.parse(job.createdAt));
  };
  time.tick();
  return time;
}

/** The picture of a job, or a blank where it is not here any more. */
export function portrait(job) {
  const image = h('img', { src: job.portrait, alt: '', loading: 'lazy', width: 40, height: 40 });
  image.addEventListener('error', () => image.classList.add('gone'));
  return image;
}

function makeRow(job) {
  const tick = h('input', { type: 'checkbox', onchange: () => select(job.job, tick.checked) });
  const cells = {
    name: h('td', { class: 'name' }),
    state: h('td', { class: 'at' }),
    age: h('td', { class: 'age' }),
    progress: h('td', { class: 'progress' }),
    cost: h('td', { class: 'number' }),
    reason: h('td', { class: 'reason' }),
  };
  const element = h(
    'tr',
    { 'data-id': job.job },
    h('td', { class: 'tick' }, tick),
    h('td', { class: 'face' }, portrait(job)),
    ...Object.values(cells),
  );
  element.addEventListener('click', (event) => {
    if (!event.target.closest('button,input,a')) {
      hooks.open(job.job);
    }
  });
  return { element, tick, cells, seen: '' };
}

function label(row, name, key) {
  row.cells[name].setAttribute('data-label', t(key));
}

function show(row, job) {
  const { cells } = row;
  row.tick.checked = selection.has(job.job);
  row.tick.setAttribute('aria-label', t('select.one', { name: job.name }));
  cells.name.replaceChildren(
    h('button', { type: 'button', class: 'link', onclick: () => hooks.open(job.job) }, job.name),
    h('span', { class: 'quiet' }, job.profile),
  );
  cells.state.replaceChildren(...badge(job));
  cells.age.replaceChildren(age(job));
  cells.progress.replaceChildren(...progress(job));
  cells.cost.replaceChildren(cost(job));
  cells.reason.replaceChildren(h('span', { title: why(job) }, why(job)));
  label(row, 'age', 'col.age');
  label(row, 'cost', 'col.cost');
}

function draw() {
  const body = byId('rows');
  const wanted = new Set(jobs.map((job) => job.job));
  for (const [id, row] of rows) {
    if (!wanted.has(id)) {
      row.element.remove();
      rows.delete(id);
    }
  }
  let place = body.firstElementChild;
  for (const job of jobs) {
    let row = rows.get(job.job);
    if (!row) {
      row = makeRow(job);
      rows.set(job.job, row);
    }
    const seen = JSON.stringify({ ...job, seenAt: 0, elapsedMillis: 0 }) + why(job);
    if (row.seen !== seen) {
      show(row, job);
      row.seen = seen;
    }
    if (row.element === place) {
      place = place.nextElementSibling;
    } else {
      body.insertBefore(row.element, place);
    }
  }
  const none = byId('none');
  none.hidden = !asked || jobs.length > 0;
  none.dataset.t = Object.values(hooks.filter()).some((value) => value) ? 'none' : 'none.yet';
  none.textContent = t(none.dataset.t);
  byId('more').hidden = !next;
  byId('all').checked = jobs.length > 0 && jobs.every((job) => selection.has(job.job));
}

function stamped(list) {
  list.forEach((job) => {
    job.seenAt = performance.now();
  });
  return list;
}

async function page(words, after, limit) {
  loading?.abort();
  const mine = new AbortController();
  loading = mine;
  try {
    return await get(`jobs?${query({ ...words, after, limit })}`, mine.signal);
  } catch (error) {
    if (error.name !== 'AbortError') {
      toast(error.message, true);
    }
    return null;
  } finally {
    if (loading === mine) {
      loading = null;
    }
  }
}

/** Shows the first page of what the filter lets through. */
export async function reload() {
  const answer = await page(hooks.filter(), '', PAGE);
  if (answer) {
    asked = true;
    jobs = stamped(answer.jobs);
    next = answer.next;
    here = -1;
    draw();
  }
}

/** Looks at the same jobs again; what was loaded beyond the largest page stays as it was. */
export async function refresh() {
  if (loading) {
    return;
  }
  const limit = Math.min(MOST, Math.max(PAGE, jobs.length));
  const answer = await page(hooks.filter(), '', limit);
  if (answer) {
    const known = new Set(answer.jobs.map((job) => job.job));
    const beyond = jobs.length > MOST ? jobs.filter((job) => !known.has(job.job)) : [];
    if (beyond.length === 0) {
      next = answer.next;
    }
    jobs = [...stamped(answer.jobs), ...beyond];
    draw();
  }
}

export async function more() {
  if (!next) {
    return;
  }
  const answer = await page(hooks.filter(), next, PAGE);
  if (answer) {
    const known = new Set(jobs.map((job) => job.job));
    jobs = [...jobs, ...stamped(answer.jobs).filter((job) => !known.has(job.job))];
    next = answer.next;
    draw();
  }
}

export function select(id, on) {
  if (on) {
    selection.add(id);
  } else {
    selection.delete(id);
  }
  hooks.selected();
  draw();
  const row = rows.get(id);
  if (row) {
    row.tick.checked = on;
  }
}

export function selectPage(on) {
  jobs.forEach((job) => (on ? selection.add(job.job) : selection.delete(job.job)));
  redraw();
}

export function selectNone() {
  selection.clear();
  redraw();
}

/** Selects what the filter lets through, on all pages. */
export async function selectMatching() {
  const words = hooks.filter();
  let after = '';
  try {
    do {
      const answer = await get(`jobs?${query({ ...words, after, limit: MOST })}`);
      for (const job of answer.jobs) {
        if (selection.size < MOST_SELECTED) {
          selection.add(job.job);
        }
      }
      after = answer.next;
    } while (after && selection.size < MOST_SELECTED);
  } catch (error) {
    toast(error.message, true);
  }
  redraw();
}

/** Draws every row anew, as after another language was chosen. */
export function redraw() {
  rows.forEach((row) => {
    row.seen = '';
  });
  draw();
  hooks.selected();
}

/** Moves the keyboard to the next or the previous job. */
export function move(step) {
  if (jobs.length === 0) {
    return;
  }
  const focused = document.activeElement?.closest?.('tr[data-id]');
  const at = focused ? jobs.findIndex((job) => job.job === focused.dataset.id) : here;
  here = Math.min(jobs.length - 1, Math.max(0, at + step));
  const row = rows.get(jobs[here].job).element;
  row.querySelector('button').focus();
  row.scrollIntoView({ block: 'nearest' });
}

/** The job the keyboard stands on, if it stands on one. */
export function currentId() {
  return document.activeElement?.closest?.('tr[data-id]')?.dataset.id ?? null;
}

export function setLanes(lanes) {
  closedLanes = lanes;
  draw();
}

export function tick() {
  document.querySelectorAll('time,progress').forEach((element) => element.tick?.());
}

export function start(given) {
  hooks = given;
  byId('more').addEventListener('click', more);
  byId('all').addEventListener('change', (event) => selectPage(event.target.checked));
}
