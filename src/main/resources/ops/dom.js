// Builds elements. Text is only ever set as text, so that no file name can become markup.

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (value === true) {
      element.setAttribute(name, '');
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export function h(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

export const byId = (id) => document.getElementById(id);

/** The value kept under a name in this browser; null where that is not allowed. */
export function remembered(name) {
  try {
    return localStorage.getItem(`klingdrop.${name}`);
  } catch {
    return null;
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(`klingdrop.${name}`, value);
  } catch {
    // a browser that keeps nothing forgets this with the page
  }
}

let toastTimer = 0;

/** Says something for a few seconds; screen readers are told too. */
export function toast(text, bad = false) {
  const place = byId('toast');
  place.textContent = text;
  place.className = bad ? 'bad' : '';
  // shown anew, so that it lies above a dialog that was opened since
  place.hidePopover();
  place.showPopover();
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => place.hidePopover(), 6000);
}
