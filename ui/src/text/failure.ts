// Every failure in words. Each ends in one next step: a button, and what it does.

import type { Failure, PictureKind } from "../backend/bindings";
import { links } from "./links";
import { apple, shortcutName } from "./keyboard";
import { names } from "./names";
import { count, duration, size } from "./time";

/** What the one button of a failure does. */
export type Remedy =
  | { does: "open"; url: string }
  | {
      does:
        | "again"
        | "connect"
        | "replaceKey"
        | "keepInMemory"
        | "chooseRepository"
        | "chooseBranch"
        | "chooseModel"
        | "editWords"
        | "pickPictures"
        | "pasteAgain"
        | "dismiss"
        | "refresh"
        | "new"
        | "unarchive"
        | "settings"
        | "quit";
    };

/** A failure as it is shown. */
export interface FailureWords {
  /** One or two sentences. */
  text: string;
  /** The service's own words, shown as a quotation. */
  quote?: string;
  /** The button. */
  label: string;
  /** What the button does. */
  remedy: Remedy;
}

const words = (text: string, label: string, remedy: Remedy | Exclude<Remedy["does"], "open">): FailureWords => ({
  text,
  label,
  remedy: typeof remedy === "string" ? { does: remedy } : remedy,
});

const page = (text: string, label: string, url: string): FailureWords => words(text, label, { does: "open", url });

const kinds: Record<PictureKind, string> = {
  heic: "This is a HEIC photo, the kind phones make. Export it as JPEG or PNG, then add it again.",
  svg: "This is a vector drawing (SVG). Agents need pixels: take a screenshot of it instead.",
  tiff: "This is a TIFF picture. Save it as PNG or JPEG, then add it again.",
  avif: "This is an AVIF picture. Save it as PNG or JPEG, then add it again.",
  pdf: "This is a PDF document. Take a screenshot of the page you mean instead.",
  video: "This is a video. Take a screenshot of the moment you mean instead.",
  text: "This is a text file. Paste its words into the text instead.",
  unknown: "This is not a picture that agents can read. PNG, JPEG, WebP, GIF and BMP work.",
};

/** The sentence and the one button of a failure. */
export function failureWords(failure: Failure): FailureWords {
  switch (failure.code) {
    case "keyMalformed":
      return words("That doesn’t look like a Cursor key. Copy the whole key and paste it again.", "Try again", "replaceKey");
    case "keyRefused":
      return words("Cursor doesn’t accept this key. It may have been deleted, or part of it is missing.", "Use another key", "replaceKey");
    case "keyNeeded":
      return words("The key was kept until you quit. Enter it again to go on.", names.enterKey, "replaceKey");
    case "keyGone":
      return words("The key isn’t in your keychain anymore. Enter it again to go on.", names.enterKey, "replaceKey");
    case "planRequired":
      return page("Your Cursor plan doesn’t include cloud agents.", "See plans", links.account);
    case "privacyMode":
      return page("Your account uses the legacy privacy mode, which doesn’t allow cloud agents. Choose the current privacy mode in your settings.", "Open Cursor settings", links.account);
    case "spendingLimit":
      return page("You are close to your spending limit on Cursor, and with less than $2 left of it no new work begins. Raise the limit, or wait for your next billing period.", "Raise the limit", links.account);
    case "includedUsageGone":
      return page("The usage that comes with your plan is used up. Switch on-demand usage on, which is billed as you use it, or wait until your plan renews.", "Turn on more usage", links.account);
    case "roleForbidden":
      return page("Your role in the team may not start cloud agents. Someone who runs the team can change that.", "Open Cursor settings", links.account);
    case "featureUnavailable":
      return page("This isn’t available for your account yet.", "Open Cursor settings", links.account);
    case "noAccount":
      return words("No Cursor account is connected yet.", "Connect an account", "connect");

    case "keychainAbsent":
      return words("Sendoff finds no keychain on this computer. The key is in it.", "Try again", "again");
    case "keychainLocked":
      return words("Your keychain is locked. Unlock it, then try again.", "Try again", "again");
    case "keychainDenied":
      return words("Your keychain didn’t let Sendoff in.", "Try again", "again");
    case "keychainSilent":
      return words("Your keychain didn’t answer within 5 seconds.", "Try again", "again");
    case "keychainTrouble":
      return words("Your keychain is having trouble.", "Try again", "again");

    case "repositoryMalformed":
      return words(`“${failure.text}” isn’t the address of a repository. It looks like github.com/owner/name.`, "Choose a repository", "chooseRepository");
    case "repositoryMissing":
      return words("Choose the repository the agent should work in.", "Choose a repository", "chooseRepository");
    case "repositoryAccess":
      if (failure.helpUrl !== null) {
        return page("Cursor can’t reach this repository, or the branch doesn’t exist.", "Give Cursor access", failure.helpUrl);
      }
      return page("Cursor can’t reach this repository, or the branch doesn’t exist. Check both, and that Cursor may see it.", "Check access", links.repositories);
    case "branchMalformed":
      return words(`“${failure.branch}” can’t be the name of a branch. Names have no spaces.`, "Choose a branch", "chooseBranch");
    case "modelUnavailable":
      return words("This model can’t be used with these options anymore.", "Choose a model", "chooseModel");

    case "promptEmpty":
      return words("Say in a few words what should change.", "Write it", "editWords");
    case "promptTooLong":
      return words(`That’s ${count(failure.characters)} characters, and an agent takes ${count(failure.limit)} at most.`, "Shorten it", "editWords");
    case "picturesTooMany":
      return words(`An agent takes ${count(failure.limit)} pictures at most. Remove one to add another.`, "OK", "dismiss");
    case "pictureEmpty":
      return words("This file is empty.", "Choose another", "pickPictures");
    case "pictureTooLarge":
      return words(`This picture is ${size(failure.bytes)}. The most that can be taken in is ${size(failure.limit)}.`, "Choose another", "pickPictures");
    case "pictureTooManyPixels":
      return words(`This picture is ${count(failure.width)} × ${count(failure.height)} pixels, more than can be opened safely.`, "Choose another", "pickPictures");
    case "pictureUnsupported":
      return words(kinds[failure.kind], "Choose another", "pickPictures");
    case "pictureDamaged":
      return words("This picture is damaged and can’t be opened.", "Choose another", "pickPictures");
    case "marksTooMany":
      return words("There’s more drawn on this picture than can be sent. Remove some marks.", "OK", "dismiss");
    case "marksTooMuchText":
      return words(`There are ${count(failure.characters)} characters written on this picture. The most is ${count(failure.limit)}: say the rest in the prompt.`, "OK", "dismiss");
    case "marksUnreadable":
      return words("A mark on this picture couldn’t be drawn. Remove it and draw it again.", "OK", "dismiss");
    case "cropEmpty":
      return words("The crop leaves nothing of this picture. Crop it again, a little larger.", "OK", "dismiss");
    case "fileUnreadable":
      return words("The file couldn’t be read. It may have moved, or it isn’t yours to read.", "Choose another", "pickPictures");
    case "clipboardEmpty":
      return words("There’s no picture and no text to paste. Copy something first.", "Choose files", "pickPictures");
    case "clipboardGone":
      return words("The program you copied from didn’t hand it over. Copy it again, then paste.", "Paste again", "pasteAgain");

    case "captureUnavailable":
      return words("This desktop gives Sendoff no picture of the screen. Install xdg-desktop-portal with the part made for your desktop, or paste a screenshot.", "Try again", "again");
    case "captureForbidden":
      return words(
        apple
          ? "macOS keeps the screen from Sendoff. Allow it in System Settings › Privacy & Security › Screen & System Audio Recording, then start Sendoff again."
          : "Your desktop keeps the screen from Sendoff. Allow screenshots for Sendoff in its settings, among the permissions of apps.",
        "Try again",
        "again",
      );
    case "captureFailed":
      return words("The screen gave no picture. Try again, or paste a screenshot.", "Try again", "again");
    case "shortcutTaken":
      return words(`Another program uses ${shortcutName(failure.shortcut)}. Choose another in Settings.`, "Open settings", "settings");
    case "shortcutUnusable":
      return words("This keyboard has no such keys. Choose others in Settings.", "Open settings", "settings");
    case "shortcutUnsupported":
      return words("Wayland gives no keys to programs. In your desktop’s keyboard settings, add keys that run “sendoff --capture”.", "Open settings", "settings");
    case "noticeFailed":
      return words("Your desktop showed no notification when one was due. Allow them for Sendoff in the desktop’s settings; the list and the tray say the same.", "Open settings", "settings");

    case "offline":
      return words("Cursor can’t be reached. Check your connection.", "Try again", "again");
    case "connectionUntrusted":
      return words("Cursor’s address answered, but not securely. Check this computer’s date and network.", "Try again", "again");
    case "rateLimited":
      return words(
        failure.retryAfter === null
          ? "Cursor asks for a little patience: too many requests at once."
          : `Cursor asks for a little patience. Try again in ${duration(failure.retryAfter * 1_000)}.`,
        "Try again",
        "again",
      );
    case "serviceTrouble":
      return words("Cursor is having trouble right now. Nothing of yours is lost.", "Try again", "again");
    case "answerNotUnderstood":
      return words("Cursor’s answer made no sense to Sendoff. Nothing of yours is lost.", "Try again", "again");
    case "refused":
      return { ...words("Cursor refused this, and says:", "Try again", "again"), quote: failure.message };
    case "uncertain":
      return words("It was sent, and we can’t tell yet whether it arrived.", "Look again", "refresh");
    case "identifierTaken":
      return words("Cursor couldn’t give this agent a place of its own. Nothing was started.", "Send again", "again");

    case "agentGone":
      return words("This agent isn’t there anymore. It was deleted, or it belongs to another account.", "Start a new one", "new");
    case "agentArchived":
      return words("This agent is archived. Bring it back to go on with it.", "Bring it back", "unarchive");
    case "agentBusy":
      return words("The agent is still at work on something else.", "Look again", "refresh");
    case "runFailed":
      if (failure.message === null) return words("The agent ran into a problem and stopped.", "Tell it what to do", "editWords");
      return { ...words("The agent ran into a problem and stopped:", "Tell it what to do", "editWords"), quote: failure.message };
    case "runExpired":
      return words("The agent took too long, and Cursor ended its work.", "Ask it to go on", "editWords");
    case "tooManyRuns":
      return words("Your account has as many agents at work as it may. Wait for one to finish.", "Try again", "again");
    case "stopLate":
      return words("Cursor was asked to stop the agent a minute ago, and it is still at work.", "Stop again", "again");
    case "stopFailed":
      return words("Stopping didn’t work: the agent goes on.", "Try again", "again");

    case "artifactTooLarge":
      return failure.limit < 1_000_000_000
        ? words(`This file is larger than ${size(failure.limit)}, too large to be shown here. Save it, or open the agent in Cursor.`, "OK", "dismiss")
        : words(`This file is larger than ${size(failure.limit)}, the most that Sendoff fetches. Get it from the agent’s page in Cursor.`, "OK", "dismiss");

    case "diskFull":
      return words("Your disk is full, so nothing can be saved. Free some space first.", "Try again", "again");
    case "dataReadOnly":
      return words("Sendoff may not write to its folder, so nothing can be saved.", "Try again", "again");
    case "dataDamaged":
      return words("What Sendoff keeps on this computer is damaged. It can’t go on safely.", "Quit", "quit");
    case "dataNewer":
      return words("What’s on this computer was saved by a newer Sendoff. Start that one instead.", "Quit", "quit");
    case "dataInUse":
      return words("Another Sendoff is already running.", "Quit", "quit");
    case "dataTrouble":
      return words("Sendoff can’t use the folder where it keeps your work.", "Try again", "again");
    case "practiceTrouble":
      return words("The practice cloud didn’t start.", "Try again", "again");
    case "linkRefused":
      return words("This link leads to a place Sendoff doesn’t open.", "OK", "dismiss");
    case "browserMissing":
      return words("No browser opened on this computer. Choose a default browser in its settings, then try again.", "Try again", "again");
    case "playerMissing":
      return words("No program on this computer shows this film. Save it, then open it with one that does.", names.understood, "dismiss");
    case "saveFailed":
      return words("The file couldn’t be saved there. Choose another place.", "Try again", "again");
    case "dragFailed":
      return words("The file couldn’t be dragged out of the window. Save it instead.", names.save, "again");
    case "notFound":
      return words("This isn’t there anymore.", "OK", "dismiss");
    case "tooLate":
      return words("It has already left, so it can’t be taken back.", "OK", "dismiss");
    case "changedMeanwhile":
      return words("This kept changing while it was being sent, so nothing was sent.", "Send again", "again");
  }
}

/**
 * A picture that was not taken in, in words. It is over once it was said: repeating is the user's own paste, drop or
 * pick, so this never ends in a button that repeats, which beside a composer would be taken for sending.
 */
export function pictureRefusalWords(failure: Failure): FailureWords {
  const said = failureWords(failure);
  return said.remedy.does === "again" ? { ...said, label: "OK", remedy: { does: "dismiss" } } : said;
}

/** The same for a key that is being entered: where the keychain fails, it can be kept in memory. */
export function connectWords(failure: Failure): FailureWords {
  const inMemory = (text: string): FailureWords => words(text, names.keepInMemory, "keepInMemory");
  switch (failure.code) {
    case "keychainAbsent":
      return inMemory("This computer has no keychain to keep the key in. It can be kept in memory, and you’ll be asked for it next time.");
    case "keychainLocked":
      return inMemory("Your keychain is locked. Unlock it and try again, or keep the key in memory for now.");
    case "keychainDenied":
      return inMemory("Your keychain didn’t let Sendoff in. The key can be kept in memory for now.");
    case "keychainSilent":
      return inMemory("Your keychain didn’t answer within 5 seconds. The key can be kept in memory for now.");
    case "keychainTrouble":
      return inMemory("Your keychain couldn’t keep the key. It can be kept in memory for now.");
    default:
      return failureWords(failure);
  }
}

/** A failure in a few words, for a row of the list. */
export function failureShort(failure: Failure): string {
  switch (failure.code) {
    case "keyMalformed":
    case "keyRefused":
    case "noAccount":
      return "the key isn’t accepted";
    case "keyNeeded":
    case "keyGone":
      return "the key is needed";
    case "planRequired":
    case "featureUnavailable":
    case "roleForbidden":
      return "not in your plan";
    case "privacyMode":
      return "privacy mode is on";
    case "spendingLimit":
      return "at your limit on Cursor";
    case "includedUsageGone":
      return "included usage is used up";
    case "keychainAbsent":
    case "keychainLocked":
    case "keychainDenied":
    case "keychainSilent":
    case "keychainTrouble":
      return "the keychain is closed";
    case "repositoryMalformed":
    case "repositoryMissing":
      return "no repository";
    case "repositoryAccess":
      return "no access to the repository";
    case "branchMalformed":
      return "no such branch";
    case "modelUnavailable":
      return "the model is gone";
    case "promptEmpty":
      return "no words yet";
    case "promptTooLong":
      return "too many words";
    case "picturesTooMany":
    case "pictureEmpty":
    case "pictureTooLarge":
    case "pictureTooManyPixels":
    case "pictureUnsupported":
    case "pictureDamaged":
    case "marksTooMany":
    case "marksTooMuchText":
    case "marksUnreadable":
    case "cropEmpty":
    case "fileUnreadable":
    case "clipboardEmpty":
    case "clipboardGone":
    case "captureUnavailable":
    case "captureForbidden":
    case "captureFailed":
      return "a picture didn’t work";
    case "shortcutTaken":
    case "shortcutUnusable":
    case "shortcutUnsupported":
      return "the shortcut didn’t work";
    case "noticeFailed":
      return "a notification didn’t work";
    case "offline":
      return "no connection";
    case "connectionUntrusted":
      return "no secure connection";
    case "rateLimited":
    case "tooManyRuns":
      return "too many at once";
    case "serviceTrouble":
    case "answerNotUnderstood":
    case "identifierTaken":
    case "practiceTrouble":
      return "trouble at the service";
    case "refused":
      return "refused";
    case "uncertain":
      return "not sure it arrived";
    case "agentGone":
    case "notFound":
      return "not there anymore";
    case "agentArchived":
      return "archived";
    case "agentBusy":
      return "still busy";
    case "runFailed":
      return "the agent stopped early";
    case "runExpired":
      return "it took too long";
    case "stopLate":
    case "stopFailed":
      return "it couldn’t be stopped";
    case "artifactTooLarge":
      return "the file is too large";
    case "diskFull":
      return "the disk is full";
    case "dataReadOnly":
    case "dataDamaged":
    case "dataNewer":
    case "dataInUse":
    case "dataTrouble":
    case "saveFailed":
    case "dragFailed":
      return "it couldn’t be saved";
    case "linkRefused":
      return "the link isn’t allowed";
    case "browserMissing":
      return "no browser opened";
    case "playerMissing":
      return "no player opened";
    case "tooLate":
      return "it has left";
    case "changedMeanwhile":
      return "it kept changing";
  }
}
