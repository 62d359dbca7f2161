// Native dialogs: the browser traps focus, closes on Escape and gives focus back. A page that is left takes its own along.
export function open(dialog) {
  if (dialog && !dialog.open) dialog.showModal();
}

export function close(dialog) {
  if (dialog?.open) dialog.close();
}
