// Native dialogs: the browser traps focus, closes on Escape and gives focus back.
export function open(dialog) {
  if (!dialog.open) dialog.showModal();
}

export function close(dialog) {
  if (dialog.open) dialog.close();
}
