// Hands the session to every feature.

import { createContext } from "svelte";
import type { Session } from "./session.svelte";

/** `useSession()` gives the session; `provideSession` is called once, by the app. */
export const [useSession, provideSession] = createContext<Session>();
