// Takes files that are dragged into the page, pairs them by name and drops them into the inbox.

import { ask } from './actions.js';
import { newKey, upload } from './api.js';
import { byId, h, remember, remembered } from './dom.js';
import { t } from './i18n.js';
import { kinds, profiles } from './overview.js';

let bundles = new Map();
let busy = false;
let changed = () => {};

function split(name) {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? [name.slice(0, dot), name.slice(dot + 1).toLowerCase()] : [name, ''];
}

function kindOf(file) {
  const extension = split(file.name)[1];
  return Object.keys(kinds).find((one) => kinds[one].includes(extension));
}

const of = (bundle, kind) => (bundle?.files ?? []).filter((file) => kindOf(file) === kind);

// Files of one name are one bundle. Nothing is chosen here: what competes is sent, and refused where it arrives.
function add(files) {
  for (const file of files) {
    if (kindOf(file)) {
      const stem = split(file.name)[0].normalize('NFC');
      const bundle = bundles.get(stem) ?? { key: newKey(), files: [], note: '', state: 'new' };
      bundle.files = [...bundle.files.filter((one) => one.name !== file.name), file];
      bundles.set(stem, bundle);
    }
  }
}

function parent(stem) {
  const cut = stem.lastIndexOf('__');
  return cut > 0 ? bundles.get(stem.slice(0, cut)) : undefined;
}

// All that is sent for a name: host also serves host__01, and _image whatever has no picture, as in the folder.
function filesOf(stem, bundle) {
  const files = [...bundle.files];
  if (of(bundle, 'audio').length > 0 && of(bundle, 'image').length === 0) {
    const pictures = of(parent(stem), 'image');
    files.push(...(pictures.length > 0 ? pictures : of(bundles.get('_image'), 'image')));
  }
  if (of(bundle, 'audio').length > 0 && of(bundle, 'sidecar').length === 0) {
    files.push(...of(parent(stem), 'sidecar'));
  }
  return files;
}

// Whether a name is only there for others.
function lends(stem, bundle) {
  return (
    of(bundle, 'audio').length === 0 &&
    (stem === '_image' || [...bundles].some(([other, one]) => parent(other) === bundle && of(one, 'audio').length > 0 && of(one, 'image').length === 0))
  );
}

const whole = (stem, bundle) => !lends(stem, bundle) && (of(bundle, 'image').length > 0 || of(bundle, 'audio').length > 0);

function draw(list, send) {
  const ready = [...bundles].filter(([stem, bundle]) => whole(stem, bundle) && bundle.state === 'new').length;
  list.replaceChildren(
    ...[...bundles].map(([stem, bundle]) => {
      const parts = bundle.files.map((file) => file.name);
      const said = lends(stem, bundle) ? 'drop.lends' : whole(stem, bundle) ? 'drop.ready' : 'drop.nopicture';
      return h('li', { class: bundle.state }, h('span', {}, h('b', {}, stem), ' ', parts.join(', ')), h('span', {}, bundle.note || t(said)));
    }),
  );
  send.textContent = t('drop.send', { n: ready });
  send.disabled = busy || ready === 0;
}

async function sendAll(profile, redraw) {
  busy = true;
  for (const [stem, bundle] of bundles) {
    if (!whole(stem, bundle) || bundle.state !== 'new') {
      continue;
    }
    const form = new FormData();
    form.append('profile', profile);
    form.append('name', stem);
    filesOf(stem, bundle).forEach((file, n) => form.append(`file${n}`, file, file.name));
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
