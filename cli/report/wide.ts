import { escaped } from "./escape";

/** Content that may be wider than a screen: it scrolls by itself, with the keyboard too. */
export function wide(label: string, content: string): string {
  return `<div class="wide" role="region" tabindex="0" aria-label="${escaped(label)}">${content}</div>`;
}
