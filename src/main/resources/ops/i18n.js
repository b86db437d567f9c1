// Words, numbers and times in the reader's language.

import { remember, remembered } from './dom.js';
import en from './en.js';
import zh from './zh.js';

const WORDS = { en, zh };
const LOCALES = { en: 'en', zh: 'zh-CN' };

let language = remembered('language') ?? '';
if (!WORDS[language]) {
  language = (navigator.language ?? '').toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

export const current = () => language;

export function choose(name) {
  language = WORDS[name] ? name : 'en';
  remember('language', language);
}

/** The words of that key; `{name}` is replaced by the value of that name. */
export function t(key, values = {}) {
  const text = WORDS[language][key] ?? en[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** The words of that key for so many; one thing may have words of its own. */
export const counted = (key, count, values = {}) =>
  t(count === 1 && has(`${key}.one`) ? `${key}.one` : key, { n: number(count), ...values });

/** The words for a code of the server; what the server said itself where there are none. */
export function sayingOf(kind, code, said, values = {}) {
  return code && has(`${kind}.${code}`) ? t(`${kind}.${code}`, values) : said;
}

/** Whether there are words for that key. */
export const has = (key) => key in en;

/** Puts words into everything below that asks for some. */
export function translate(root = document) {
  document.documentElement.lang = LOCALES[language];
  root.querySelectorAll('[data-t]').forEach((element) => {
    element.textContent = t(element.dataset.t);
  });
  root.querySelectorAll('[data-t-label]').forEach((element) => {
    element.setAttribute('aria-label', t(element.dataset.tLabel));
  });
}

export const number = (value) =>
  new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits: 2 }).format(value);

export const moment = (iso) =>
  new Intl.DateTimeFormat(LOCALES[language], { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(iso));

export const hour = (iso) =>
  new Intl.DateTimeFormat(LOCALES[language], { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(iso));

/** A length of time with its two largest units; if `exact`, short ones with tenths of a second. */
export function duration(millis, exact = false) {
  if (millis > 0 && millis < 10_000 && exact) {
    return t('unit.s', { n: number(Math.round(millis / 100) / 10) });
  }
  const seconds = Math.max(0, Math.round(millis / 1000));
  const parts = [
    [Math.floor(seconds / 86400), 'unit.d'],
    [Math.floor(seconds / 3600) % 24, 'unit.h'],
    [Math.floor(seconds / 60) % 60, 'unit.min'],
    [seconds % 60, 'unit.s'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  return first < 0
    ? t('unit.s', { n: 0 })
    : parts
        .slice(first, first + 2)
        .filter(([count]) => count > 0)
        .map(([count, unit]) => t(unit, { n: count }))
        .join(' ');
}

export function bytes(count) {
  const units = ['B', 'KB', 'MB', 'GB'];
  let size = count;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${new Intl.NumberFormat(LOCALES[language], { maximumSignificantDigits: 3 }).format(size)} ${units[unit]}`;
}
