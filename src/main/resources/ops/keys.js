// The keyboard. Single keys work wherever nothing is being typed.

import { ask } from './actions.js';
import { byId, h } from './dom.js';
import { t } from './i18n.js';

const SHOWN = [
  ['/', 'search'],
  ['j k', 'move'],
  ['Enter', 'open'],
  ['x', 'select'],
  ['a', 'all'],
  ['c', 'recheck'],
  ['d', 'redeliver'],
  ['r', 'resubmit'],
  ['Del', 'cancel'],
  ['u', 'drop'],
  ['m', 'more'],
  ['t', 'theme'],
  ['l', 'language'],
  ['?', 'help'],
  ['Esc', 'close'],
];

export function help() {
  const list = SHOWN.flatMap(([keys, name]) => [
    h('dt', {}, keys.split(' ').flatMap((key) => [h('kbd', {}, key), ' '])),
    h('dd', {}, t(`key.${name}`)),
  ]);
  ask(t('keys.title'), [h('dl', { class: 'keys' }, list)], (end) => [
    h('button', { type: 'button', class: 'main', onclick: () => end(null) }, t('close')),
  ]);
}

/** Keys do what `deeds` says; a deed is found by the key's name. */
export function start(deeds) {
  byId('help').addEventListener('click', help);
  document.addEventListener('keydown', (event) => {
    const typing = event.target.closest?.('input:not([type=checkbox]),select,textarea,video');
    if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) {
      return;
    }
    const deed = event.key === '?' ? help : deeds[event.key];
    if (deed) {
      event.preventDefault();
      deed();
    }
  });
}
