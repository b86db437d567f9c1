// All that is known of one job.

import { buttons, verbsFor } from './actions.js';
import { get } from './api.js';
import { byId, h, toast } from './dom.js';
import { bytes, duration, has, moment, number, t } from './i18n.js';
import { age, badge, cost, portrait, progress, why } from './jobs.js';

let shown = null;
let media = { key: '', element: null };
let hooks = { closed: () => {}, changed: () => {}, open: () => {} };

function videos(job) {
  const key = JSON.stringify([job.job, job.results, document.documentElement.lang]);
  if (media.key !== key) {
    const face = portrait(job);
    face.className = 'portrait';
    face.alt = job.sources.find((file) => file.role === 'image')?.name ?? '';
    const films = job.results.map((result) =>
      h('video', {
        controls: true,
        preload: 'metadata',
        playsinline: true,
        src: result.href,
        'aria-label': t('detail.video', { n: result.number, name: job.name }),
      }),
    );
    media = { key, element: h('div', { class: 'media' }, face, ...films) };
  }
  return media.element;
}

function facts(job) {
  const pairs = [
    ['fact.id', job.job],
    ['fact.path', [job.profile, job.subPath, job.name].filter(Boolean).join('/')],
    ['fact.model', `${job.provider} ${job.model}`.trim()],
    ['fact.task', job.taskId],
    ['fact.polls', job.polls ? number(job.polls) : null],
    ['fact.audio', job.audioSeconds ? duration(job.audioSeconds * 1000) : null],
    ['fact.estimate', job.estimate === null ? null : number(job.estimate)],
    ['fact.credits', job.credits === null ? null : number(job.credits)],
    ['fact.created', moment(job.createdAt)],
    ['fact.submitted', job.submittedAt && moment(job.submittedAt)],
    ['fact.generated', job.generatedAt && moment(job.generatedAt)],
    ['fact.delivered', job.deliveredAt && moment(job.deliveredAt)],
  ].filter(([, value]) => value);
  const list = h('dl', {}, pairs.flatMap(([key, value]) => [h('dt', {}, t(key)), h('dd', {}, value)]));
  if (job.duplicateOf) {
    const link = h('button', { type: 'button', class: 'link', onclick: () => hooks.open(job.duplicateOf) }, job.duplicateOf);
    list.append(h('dt', {}, t('fact.duplicate')), h('dd', {}, link));
  }
  return list;
}

function attempts(job) {
  if (job.attemptList.length === 0) {
    return h('p', { class: 'quiet' }, t('detail.noattempts'));
  }
  const columns = ['number', 'task', 'sent', 'end', 'cost', 'said'];
  const credits = (one) => {
    const amount = one.credits ?? one.reserved;
    const charged = one.charged ? t(`charged.${one.charged}`) : '';
    return `${amount === null ? '' : number(amount)} ${charged}`.trim();
  };
  return h(
    'div',
    { class: 'wide', tabindex: 0, role: 'region', 'aria-label': t('detail.attempts') },
    h(
      'table',
      { class: 'attempts' },
      h('thead', {}, h('tr', {}, columns.map((name) => h('th', { scope: 'col' }, t(`attempt.${name}`))))),
      h(
        'tbody',
        {},
        job.attemptList.map((one) =>
          h(
            'tr',
            {},
            h('td', {}, String(one.number)),
            h('td', {}, one.taskId ?? '—'),
            h('td', {}, moment(one.submittedAt)),
            h('td', {}, one.endedAt ? moment(one.endedAt) : '—'),
            h('td', {}, credits(one)),
            h('td', {}, [one.failCode, one.failMessage].filter(Boolean).join(': ') || '—'),
          ),
        ),
      ),
    ),
  );
}

function sources(job) {
  return h(
    'ul',
    { class: 'pairs' },
    job.sources.map((file) =>
      h(
        'li',
        {},
        h('span', { title: `sha256 ${file.sha256}` }, file.name),
        h('span', { class: 'number' }, bytes(file.bytes)),
      ),
    ),
  );
}

function results(job) {
  return h(
    'ul',
    { class: 'pairs' },
    job.results.map((one) =>
      h(
        'li',
        {},
        h('a', { href: one.href, download: `${job.name}-${one.number}.mp4` }, t('detail.video', { n: one.number, name: job.name })),
        h(
          'span',
          { class: 'number' },
          [one.durationSeconds && duration(one.durationSeconds * 1000), one.bytes && bytes(one.bytes)].filter(Boolean).join(', '),
        ),
      ),
    ),
  );
}

function timeline(job) {
  return h(
    'ol',
    { class: 'timeline' },
    job.timeline.map((event) =>
      h(
        'li',
        {},
        h('time', { datetime: event.at }, moment(event.at)),
        h('span', { class: `state ${event.state}` }, t(`state.${event.state}`)),
        h('span', {}, event.note),
      ),
    ),
  );
}

function draw(job) {
  const section = (key, content) => [h('h3', {}, t(key)), content];
  const reason = why(job);
  const next = job.class ? `next.${job.class}` : '';
  const dialog = byId('detail');
  const top = dialog.scrollTop;
  const focusedVerb = dialog.contains(document.activeElement) ? document.activeElement.dataset.verb : undefined;
  const kept = videos(job);
  const before = dialog.querySelector('.before') ?? h('div', { class: 'before' });
  const after = dialog.querySelector('.after') ?? h('div', { class: 'after' });
  before.replaceChildren(
    h('p', { class: 'standing' }, ...badge(job), ' ', age(job), ' · ', h('span', { class: 'cost' }, t('cost.credits', { n: cost(job) }))),
    h('div', {}, ...progress(job)),
    ...(reason ? [h('p', { class: 'reason' }, reason)] : []),
    ...(has(next) ? [h('p', {}, h('b', {}, t('detail.next')), ' ', t(next))] : []),
    h('div', { class: 'buttons' }, buttons(verbsFor(job), () => [job.job], hooks.changed)),
  );
  after.replaceChildren(
    ...section('detail.facts', facts(job)),
    ...(job.results.length ? section('detail.results', results(job)) : []),
    ...section('detail.attempts', attempts(job)),
    ...section('detail.sources', sources(job)),
    ...section('detail.timeline', timeline(job)),
  );
  if (dialog.querySelector('.media') !== kept || dialog.dataset.id !== job.job) {
    dialog.dataset.id = job.job;
    dialog.replaceChildren(
      h('h2', { id: 'detail-title' }, job.name),
      h('button', { type: 'button', class: 'close', 'aria-label': t('close'), onclick: () => dialog.close() }, '×'),
      before,
      kept,
      after,
    );
  } else {
    dialog.querySelector('h2').textContent = job.name;
  }
  if (focusedVerb) {
    dialog.querySelector(`[data-verb="${focusedVerb}"]`)?.focus();
  }
  dialog.scrollTop = top;
}

/** Opens a job, or looks at the open one again. */
export async function open(id) {
  shown = id;
  try {
    const job = await get(`jobs/${encodeURIComponent(id)}`);
    if (shown !== id) {
      return;
    }
    job.seenAt = performance.now();
    draw(job);
    if (!byId('detail').open) {
      byId('detail').showModal();
    }
  } catch (error) {
    toast(error.message, true);
  }
}

export function refresh() {
  if (shown) {
    open(shown);
  }
}

export function start(given) {
  hooks = given;
  const dialog = byId('detail');
  dialog.addEventListener('close', () => {
    dialog.querySelectorAll('video').forEach((video) => video.pause());
    shown = null;
    hooks.closed();
  });
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) {
      dialog.close();
    }
  });
}
