// Takes files that are dragged into the page, pairs them by name and drops them into the inbox.

import { ask } from './actions.js';
import { newKey, upload } from './api.js';
import { byId, h, remember, remembered } from './dom.js';
import { t } from './i18n.js';
import { kinds, profiles } from './overview.js';

let bundles = new Map();
let busy = false;
let changed = () => {};

function add(files) {
  for (const file of files) {
    const dot = file.name.lastIndexOf('.');
    const stem = dot > 0 ? file.name.slice(0, dot) : file.name;
    const extension = file.name.slice(dot + 1).toLowerCase();
    const kind = Object.keys(kinds).find((one) => kinds[one].includes(extension));
    if (kind) {
      const bundle = bundles.get(stem) ?? { key: newKey(), note: '', state: 'new' };
      bundle[kind] = file;
      bundles.set(stem, bundle);
    }
  }
}

function draw(list, send) {
  const ready = [...bundles.values()].filter((bundle) => bundle.image && bundle.state === 'new').length;
  list.replaceChildren(
    ...[...bundles].map(([stem, bundle]) => {
      const parts = ['image', 'audio', 'sidecar'].filter((kind) => bundle[kind]).map((kind) => bundle[kind].name);
      const note = bundle.note || t(bundle.image ? 'drop.ready' : 'drop.nopicture');
      return h('li', { class: bundle.state }, h('span', {}, h('b', {}, stem), ' ', parts.join(', ')), h('span', {}, note));
    }),
  );
  send.textContent = t('drop.send', { n: ready });
  send.disabled = busy || ready === 0;
}

async function sendAll(profile, redraw) {
  busy = true;
  for (const bundle of bundles.values()) {
    if (!bundle.image || bundle.state !== 'new') {
      continue;
    }
    const form = new FormData();
    form.append('profile', profile);
    for (const kind of Object.keys(kinds)) {
      if (bundle[kind]) {
        form.append(kind, bundle[kind], bundle[kind].name);
      }
    }
    bundle.note = t('drop.sending');
    redraw();
    try {
      await upload(form, bundle.key);
      bundle.state = 'sent';
      bundle.note = t('drop.sent');
    } catch (error) {
      bundle.state = 'failed';
      bundle.note = error.message;
    }
    redraw();
  }
  busy = false;
  redraw();
  changed();
}

/** Opens the dialog with what has been dragged in so far. */
export function open(files = []) {
  if (!busy && !byId('ask').open) {
    bundles = new Map();
  }
  add(files);
  const list = h('ul', { class: 'pairs', id: 'drop-list' });
  const send = h('button', { type: 'button', class: 'main', id: 'drop-send' });
  const redraw = () => draw(list, send);
  const profile = h(
    'select',
    { id: 'drop-profile', onchange: () => remember('profile', profile.value) },
    profiles.map((one) => h('option', { value: one.name }, one.name)),
  );
  const last = remembered('profile') ?? 'avatar';
  if (profiles.some((one) => one.name === last)) {
    profile.value = last;
  }
  const input = h('input', { type: 'file', multiple: true, accept: Object.values(kinds).flat().map((extension) => `.${extension}`).join(','), id: 'drop-files' });
  input.addEventListener('change', () => {
    add(input.files);
    redraw();
  });
  send.addEventListener('click', () => sendAll(profile.value, redraw));
  redraw();
  ask(
    t('drop.title'),
    [
      h('p', { class: 'quiet' }, t('drop.hint')),
      h('label', {}, h('span', {}, t('drop.profile')), profile),
      h('label', {}, h('span', {}, t('drop.files')), input),
      list,
    ],
    (end) => [h('button', { type: 'button', onclick: () => end(null) }, t('close')), send],
  );
}

export function start(told) {
  changed = told;
  byId('drop').addEventListener('click', () => open());
  const body = document.body;
  let depth = 0;
  const over = (on) => {
    body.classList.toggle('dropping', on);
    body.dataset.drop = t('drop.release');
  };
  const holdsFiles = (event) => event.dataTransfer?.types.includes('Files');
  window.addEventListener('dragenter', (event) => {
    if (holdsFiles(event)) {
      depth++;
      over(true);
    }
  });
  window.addEventListener('dragleave', () => {
    depth = Math.max(0, depth - 1);
    over(depth > 0);
  });
  window.addEventListener('dragover', (event) => {
    if (holdsFiles(event)) {
      event.preventDefault();
    }
  });
  window.addEventListener('drop', (event) => {
    if (holdsFiles(event)) {
      event.preventDefault();
      depth = 0;
      over(false);
      open(event.dataTransfer.files);
    }
  });
}
