//! Everything the page can ask to be changed: one closed list, one command.
//! A change answers with an identifier or nothing; its result arrives by the feed.

use serde::{Deserialize, Serialize};

use super::{
    AccountId, AgentId, Decision, DraftId, Edited, FollowUpId, LaunchId, Marked, ModelChoice, RowTarget, Settings,
    ShotId, ShotTarget,
};

/// A change, named `noun_verb`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "change", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Change {
    /// Starts practicing: makes the practice account if there is none, and makes it active.
    AccountPractice,
    /// Makes an account the active one.
    AccountActivate {
        /// Which.
        account: AccountId,
    },
    /// Forgets an account and its key. What it holds on this computer goes with it.
    AccountRemove {
        /// Which.
        account: AccountId,
    },
    /// Uses the older API for an account, or not.
    AccountOlderApi {
        /// Which.
        account: AccountId,
        /// Whether.
        older_api: bool,
    },
    /// Tries an account again after a refusal or a locked keychain.
    AccountRetry {
        /// Which.
        account: AccountId,
    },
    /// Makes a draft for the active account. Answers with its identifier.
    DraftCreate,
    /// Saves the words of a draft.
    DraftText {
        /// Which.
        draft: DraftId,
        /// All of them.
        text: String,
    },
    /// Chooses the repository of a draft: an address in any spelling, or none.
    DraftRepository {
        /// Which.
        draft: DraftId,
        /// The address.
        repository: Option<String>,
    },
    /// Names the branch of a draft; empty means the default.
    DraftBranch {
        /// Which.
        draft: DraftId,
        /// The branch.
        branch: String,
    },
    /// Chooses the model of a draft.
    DraftModel {
        /// Which.
        draft: DraftId,
        /// The model; none means the account's default.
        model: Option<ModelChoice>,
    },
    /// Chooses the options of a draft.
    DraftOptions {
        /// Which.
        draft: DraftId,
        /// Whether the agent plans first.
        plan_first: bool,
        /// Whether a pull request is opened.
        open_pull_request: bool,
    },
    /// Moves a picture of a draft.
    DraftShotMove {
        /// Which draft.
        draft: DraftId,
        /// From this place, counted from 0.
        from: u32,
        /// To this place.
        to: u32,
    },
    /// Removes a picture of a draft.
    DraftShotRemove {
        /// Which draft.
        draft: DraftId,
        /// Its place, counted from 0.
        index: u32,
    },
    /// Draws on pictures of a draft or answer, and writes the words that speak of the marks: both or none.
    ShotMark {
        /// Whose pictures.
        target: ShotTarget,
        /// The pictures that change.
        marked: Vec<Marked>,
        /// All the words, when they change.
        text: Option<String>,
    },
    /// Drops what is below the marks of a picture, for good: what is left is what is sent.
    ShotForget {
        /// Whose picture.
        target: ShotTarget,
        /// Which.
        shot: ShotId,
    },
    /// Puts a picture back that was removed since the start.
    ShotRestore {
        /// Whose picture.
        target: ShotTarget,
        /// Which.
        shot: ShotId,
        /// The place it had, counted from 0.
        index: u32,
    },
    /// Takes a picture that an agent left into the answer to it. Answers with the new picture's identifier.
    ShotFromArtifact {
        /// Which agent.
        agent: AgentId,
        /// The artifact's picture.
        hash: String,
    },
    /// Throws a draft away.
    DraftDelete {
        /// Which.
        draft: DraftId,
    },
    /// Sends a draft. Answers at once with the launch's identifier.
    DraftSend {
        /// Which.
        draft: DraftId,
    },
    /// Takes a launch back, while nothing has left. Answers with the draft's identifier.
    LaunchUndo {
        /// Which.
        launch: LaunchId,
    },
    /// Sends a held or waiting launch now.
    LaunchNow {
        /// Which.
        launch: LaunchId,
    },
    /// Answers what a launch asks. Not to send it answers with the draft's identifier.
    LaunchDecide {
        /// Which.
        launch: LaunchId,
        /// What was asked, so that an answer to an older question is refused.
        decision: Decision,
        /// Whether it is sent (again).
        send: bool,
        /// The agent it is, when the user pointed at one.
        agent: Option<AgentId>,
    },
    /// Saves the words of the answer being written to an agent.
    AnswerText {
        /// To which agent.
        agent: AgentId,
        /// All of them.
        text: String,
    },
    /// Saves the words to which a waiting answer is being changed, or that none is any more.
    AnswerEdited {
        /// To which agent.
        agent: AgentId,
        /// The words, and of which.
        edited: Option<Edited>,
    },
    /// Moves a picture of the answer.
    AnswerShotMove {
        /// To which agent.
        agent: AgentId,
        /// From this place, counted from 0.
        from: u32,
        /// To this place.
        to: u32,
    },
    /// Removes a picture of the answer.
    AnswerShotRemove {
        /// To which agent.
        agent: AgentId,
        /// Its place, counted from 0.
        index: u32,
    },
    /// Chooses the model that the next answers to an agent name.
    AnswerModel {
        /// To which agent.
        agent: AgentId,
        /// The model; none leaves it the one it has.
        model: Option<ModelChoice>,
    },
    /// Queues a follow-up; it is sent as soon as the agent is free. Answers with its identifier.
    FollowUpSend {
        /// To which agent.
        agent: AgentId,
        /// What is sent.
        source: FollowUpSource,
        /// Whether the agent plans first. False after a plan means: go ahead.
        plan_first: bool,
    },
    /// Queues a refused follow-up again, with its own pictures. Answers with the new one's identifier.
    FollowUpAgain {
        /// Of which agent.
        agent: AgentId,
        /// Which; it leaves as the new one comes.
        follow_up: FollowUpId,
        /// The words, its own or others.
        text: String,
    },
    /// Edits a follow-up that waits.
    FollowUpEdit {
        /// Of which agent.
        agent: AgentId,
        /// Which.
        follow_up: FollowUpId,
        /// The new words.
        text: String,
    },
    /// Removes a follow-up that waits, or was refused.
    FollowUpRemove {
        /// Of which agent.
        agent: AgentId,
        /// Which.
        follow_up: FollowUpId,
    },
    /// Lets a follow-up that waits change places with the one before or after it.
    FollowUpMove {
        /// Of which agent.
        agent: AgentId,
        /// Which.
        follow_up: FollowUpId,
        /// Whether it goes earlier, or else later.
        earlier: bool,
    },
    /// Answers whether an uncertain follow-up is sent again.
    FollowUpDecide {
        /// Of which agent.
        agent: AgentId,
        /// Which.
        follow_up: FollowUpId,
        /// Whether it is sent again.
        send: bool,
    },
    /// Stops the run under way.
    AgentStop {
        /// Which agent.
        agent: AgentId,
    },
    /// Lets what was held back in an agent's queue be sent.
    QueueRelease {
        /// Which agent.
        agent: AgentId,
    },
    /// Archives an agent.
    AgentArchive {
        /// Which.
        agent: AgentId,
        /// True to archive, false to bring back.
        archived: bool,
    },
    /// Deletes an agent for good. The page has asked.
    AgentDelete {
        /// Which.
        agent: AgentId,
    },
    /// Asks for the artifacts, usage and run record of an agent again.
    AgentRefresh {
        /// Which.
        agent: AgentId,
    },
    /// Fetches the account's repositories again, within its limits.
    RepositoriesRefresh,
    /// Names and colors a repository.
    RepositoryLabel {
        /// Its address.
        url: String,
        /// The user's own name; empty for none.
        nickname: String,
        /// Color, an index into the palette of twelve.
        color: u8,
    },
    /// Puts away the reminder of what pictures show, for a repository.
    RepositoryReminded {
        /// Its address.
        url: String,
    },
    /// Changes the settings.
    SettingsChange {
        /// All of them.
        settings: Settings,
    },
    /// Keeps a row at the top of the list, or lets it go back to its place.
    RowPin {
        /// Which.
        target: RowTarget,
        /// Whether it is kept there.
        pinned: bool,
    },
    /// Fetches the list of agents again, within the budget.
    ListRefresh,
}

/// What a follow-up is made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "from", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum FollowUpSource {
    /// The answer being written, with its pictures; it is empty afterwards.
    Answer,
    /// These words alone, of a button; the answer being written stays as it is.
    Words {
        /// All of them.
        text: String,
    },
}
