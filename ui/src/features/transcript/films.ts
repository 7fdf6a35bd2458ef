// Which files are films by their names, and whether this window plays their kind.

/** The media type a name stands for, with the codecs it mostly has; null where it is no film's. */
export function filmType(path: string): string | null {
  switch (/\.(\w+)$/.exec(path)?.[1]?.toLowerCase()) {
    case "mp4":
    case "m4v":
      return 'video/mp4; codecs="avc1.42E01E"';
    case "webm":
      return 'video/webm; codecs="vp8"';
    case "mov":
      return "video/quicktime";
    default:
      return null;
  }
}

/** Whether the window has what it takes to play it: on Linux that depends on what is installed beside WebKitGTK. */
export function playsHere(path: string, can = (type: string): string => document.createElement("video").canPlayType(type)): boolean {
  const type = filmType(path);
  return type !== null && can(type) !== "";
}

/** Whether a file is looked at as a film. */
export const isFilm = ({ path }: { path: string }): boolean => /\.(?:mp4|m4v|webm|mov|mkv)$/i.test(path);
