// Drags of files over a browser's window.

import type { DragPhase, Stop } from "../backend";

export function listenToDrags(listener: (phase: DragPhase) => void): Stop {
  const enter = (event: DragEvent): void => {
    event.preventDefault();
    listener("enter");
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    listener("drop");
  };
  const leave = (event: DragEvent): void => {
    if (event.relatedTarget === null) listener("leave");
  };
  addEventListener("dragover", enter);
  addEventListener("drop", drop);
  addEventListener("dragleave", leave);
  return () => {
    removeEventListener("dragover", enter);
    removeEventListener("drop", drop);
    removeEventListener("dragleave", leave);
  };
}
