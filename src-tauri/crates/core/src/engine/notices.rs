//! Telling the user: the machine decides what is news, the disk remembers what was told, the shell tells it.

use super::{Engine, Signal};
use crate::machines::notice::{Known, Need, Notice, Standing, Subject, account_key, decide};
use crate::model::{AccountId, Failure, LaunchId, RowTarget, View};

impl Engine {
    /// Tells of a change, if it is news.
    pub(crate) async fn tell(&self, previous: Option<&Known>, new: &Known) {
        let on_screen = match &new.subject {
            Subject::Agent { agent, .. } | Subject::FollowUp { agent, .. } => self.on_screen(agent),
            Subject::Launch { launch } => self.launch_on_screen(launch),
            // The page shows it where the user looks.
            Subject::Account { .. } => self.is_focused(),
            // No page says it by itself.
            Subject::Limit { .. } => false,
        };
        let enabled = self.read(|world| world.settings().notifications);
        if let Some(notice) = decide(previous, new, on_screen, enabled) {
            self.tell_once(notice).await;
        }
    }

    /// Whether the page of a launch, or of the draft it came from, is in front.
    fn launch_on_screen(&self, id: &LaunchId) -> bool {
        let draft = self.read(|world| world.launch(id).map(|launch| launch.draft.clone()));
        self.view_on_screen(&View::Launch { id: id.clone() })
            || draft.is_some_and(|id| self.view_on_screen(&View::Draft { id }))
    }

    async fn tell_once(&self, notice: Notice) {
        let now = self.now() as i64;
        let key = notice.key.clone();
        let new = self.disk(move |store| store.remember_notice(&key, now)).await;
        // Where it could not be remembered it might be told twice, which is better than not at all.
        if !new.unwrap_or(true) {
            return;
        }
        let (target, title, face) = self.read(|world| match &notice.subject {
            Subject::Agent { agent, .. } | Subject::FollowUp { agent, .. } => {
                let record = world.agent(agent);
                let title = record.map(|record| record.agent.title.clone());
                let face = record.and_then(|record| record.face.clone());
                (Some(RowTarget::Agent(agent.clone())), title, face)
            }
            Subject::Launch { launch } => {
                let held = world.launch(launch);
                let title = held.map(|held| crate::record::title_of(&held.text));
                let face = held.and_then(|held| Some(held.shots.first()?.hash.clone()));
                (Some(RowTarget::Launch(launch.clone())), title, face)
            }
            Subject::Account { account, .. } | Subject::Limit { account, .. } => {
                (None, world.account(account).map(|held| held.name.clone()), None)
            }
        });
        let face = match face {
            Some(hash) => self.face_file(&hash).await,
            None => None,
        };
        self.signal(Signal::Notice {
            kind: notice.kind,
            need: notice.need,
            target,
            title: title.unwrap_or_default(),
            face,
        });
    }

    /// Tells that an account was refused.
    pub(crate) fn tell_of_account(&self, account: &AccountId, failure: Failure) {
        let subject = Subject::Account {
            account: account.clone(),
            failure,
        };
        let known = Known {
            subject,
            standing: Standing::NeedsYou(Need::Account),
        };
        let engine = self.clone();
        self.spawn(async move { engine.tell(None, &known).await });
    }

    /// The account works again: the next refusal is news. What only a new run can disprove is kept unless `paid`.
    pub(crate) async fn forget_account_notices(&self, account: &AccountId, paid: bool) {
        let about: Vec<String> = ACCOUNT_FAILURES
            .iter()
            .filter(|failure| paid || !is_about_money(failure))
            .map(|failure| account_key(account, failure))
            .collect();
        let forgotten = self
            .disk(move |store| {
                for key in about {
                    store.forget_notices_about(&key)?;
                }
                Ok(())
            })
            .await;
        if let Err(failure) = forgotten {
            tracing::warn!(?failure, "a refusal told before is not told again");
        }
    }

    /// A run began: money is not short any more.
    pub(crate) async fn account_paid(&self, account: &AccountId) {
        let short = self.read(|world| world.account(account)?.problem.clone());
        if short.as_ref().is_some_and(is_about_money) {
            self.edit(|world| world.edit_account(account, |held| held.problem = None));
            self.forget_account_notices(account, true).await;
        }
    }
}

/// What stands in the way of an account as a whole.
const ACCOUNT_FAILURES: [Failure; 14] = [
    Failure::KeyRefused,
    Failure::KeyMalformed,
    Failure::KeyNeeded,
    Failure::KeyGone,
    Failure::PlanRequired,
    Failure::PrivacyMode,
    Failure::SpendingLimit,
    Failure::IncludedUsageGone,
    Failure::KeychainAbsent,
    Failure::KeychainLocked,
    Failure::KeychainDenied,
    Failure::KeychainSilent,
    Failure::KeychainTrouble,
    Failure::PracticeTrouble,
];

/// Whether it stands in the way of an account as a whole.
pub(crate) fn is_about_account(failure: &Failure) -> bool {
    ACCOUNT_FAILURES.contains(failure)
}

/// Whether reading still works and only new runs are refused.
pub(crate) fn is_about_money(failure: &Failure) -> bool {
    matches!(failure, Failure::SpendingLimit | Failure::IncludedUsageGone)
}
