/** The text that the service greets with. Change it, push, and the dev environment shows it. */
export const greeting = 'Hello';

/** @param {string} name */
export function greet(name) {
  return `${greeting}, ${name}.`;
}
