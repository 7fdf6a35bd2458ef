//! Telling the user: the machine decides what is news, the disk remembers what was told, the shell tells it.

use super::{Engine, Signal};
use crate::machines::notice::{Known, Notice, Subject, decide};
use crate::model::{AccountId, LaunchId, RowTarget, View};

impl Engine {
    /// Tells of a change, if it is news.
    pub(crate) async fn tell(&self, previous: Option<&Known>, new: &Known) {
        let on_screen = match &new.subject {
            Subject::Agent { agent, .. } | Subject::FollowUp { agent, .. } => self.on_screen(agent),
            Subject::Launch { launch } => self.launch_on_screen(launch),
            Subject::Account { .. } => false,
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
        let (target, title) = self.read(|world| match &notice.subject {
            Subject::Agent { agent, .. } | Subject::FollowUp { agent, .. } => {
                let title = world.agent(agent).map(|record| record.agent.title.clone());
                (Some(RowTarget::Agent(agent.clone())), title)
            }
            Subject::Launch { launch } => {
                let title = world.launch(launch).map(|held| crate::record::title_of(&held.text));
                (Some(RowTarget::Launch(launch.clone())), title)
            }
            Subject::Account { account, .. } => (None, world.account(account).map(|held| held.name.clone())),
        });
        self.signal(Signal::Notice {
            kind: notice.kind,
            need: notice.need,
            target,
            title: title.unwrap_or_default(),
        });
    }

    /// Tells that an account was refused.
    pub(crate) fn tell_of_account(&self, account: &AccountId) {
        use crate::machines::notice::{Need, Standing};
        let subject = Subject::Account {
            account: account.clone(),
            since: self.now(),
        };
        let known = Known {
            subject,
            standing: Standing::NeedsYou(Need::Account),
        };
        let engine = self.clone();
        self.spawn(async move { engine.tell(None, &known).await });
    }
}
