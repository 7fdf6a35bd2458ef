//! Who a key belongs to, as the service says.

use std::collections::HashMap;

use cursor_cloud_agents::{Client, Me, Page};

use super::super::{failures, shown};
use crate::model::{AccountId, Failure};

/// The mark of an owner of whom only the name of the key is known. Such names are not unique.
const ONLY_NAMED: &str = "key:";

/// Who a key belongs to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Owner {
    /// The person's name, or the key's; hostile text, made safe to show.
    pub(super) name: String,
    /// The person's address.
    pub(super) email: Option<String>,
    /// What launches belong to: `id:`, `email:` or `key:` and the service's word for it. Never what practice has.
    pub(super) user: Option<String>,
}

impl Owner {
    /// Asks the service. The same words for both versions of the API, so that changing it changes no owner.
    pub(super) async fn of(client: &Client) -> Result<Self, Failure> {
        let me = client.me().await.map_err(|error| failures::of_service(&error))?;
        Ok(Self::named(me))
    }

    fn named(me: Me) -> Self {
        let known = |part: Option<String>| part.filter(|text| !text.is_empty());
        let (first, last) = (known(me.user_first_name), known(me.user_last_name));
        let person = [first, last].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let (id, email, key) = (known(me.user_id), known(me.user_email), known(me.api_key_name));
        let name = known(Some(person)).or_else(|| key.clone()).unwrap_or_default();
        Self {
            name: shown(&name, 80),
            user: id
                .map(|id| format!("id:{id}"))
                .or_else(|| email.as_ref().map(|email| format!("email:{email}")))
                .or_else(|| key.map(|key| format!("{ONLY_NAMED}{key}"))),
            email,
        }
    }
}

/// Whether a key can do anything: some accounts pass `/v1/me` and are refused every other call.
pub(super) async fn check_access(client: &Client, older_api: bool) -> Result<(), Failure> {
    let one = Page {
        limit: Some(1),
        cursor: None,
    };
    let refused = if older_api {
        client.v0().list(&one).await.err()
    } else {
        client.list_agents(&one).await.err()
    };
    refused.map_or(Ok(()), |error| Err(failures::of_service(&error)))
}

/// Which of the known accounts a key is for: the one it was entered for, if that is the same user's, else the
/// account of the same person. None: an account of its own.
pub(super) fn account_for(
    users: &HashMap<AccountId, String>,
    user: Option<&str>,
    replaces: Option<&AccountId>,
) -> Option<AccountId> {
    if let Some(replaced) = replaces
        && users.get(replaced).map(String::as_str) == user
    {
        return Some(replaced.clone());
    }
    let person = user.filter(|user| !user.starts_with(ONLY_NAMED))?;
    users
        .iter()
        .find(|(_, known)| *known == person)
        .map(|(id, _)| id.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn me(id: Option<&str>, email: Option<&str>, key: Option<&str>) -> Me {
        Me {
            user_id: id.map(str::to_owned),
            user_email: email.map(str::to_owned),
            api_key_name: key.map(str::to_owned),
            ..Me::default()
        }
    }

    #[test]
    fn an_owner_is_named_by_kind_so_that_no_two_kinds_are_confused() {
        let table = [
            (me(Some("7"), Some("a@b.c"), Some("ci")), Some("id:7")),
            (me(None, Some("a@b.c"), Some("ci")), Some("email:a@b.c")),
            (me(None, None, Some("practice")), Some("key:practice")),
            (me(Some(""), None, Some("")), None),
        ];
        for (me, expected) in table {
            let user = Owner::named(me.clone()).user;
            assert_eq!(user.as_deref(), expected, "the owner of {me:?}");
        }
    }

    #[test]
    fn a_key_goes_to_the_account_of_its_user_and_to_no_other() {
        let id = |name: &str| AccountId(name.to_owned());
        let users = HashMap::from([
            (id("practice"), "practice".to_owned()),
            (id("ann"), "id:7".to_owned()),
            (id("build"), "key:ci".to_owned()),
        ]);
        let table = [
            (Some("id:7"), None, Some("ann"), "the same person again"),
            (Some("id:7"), Some("ann"), Some("ann"), "her new key"),
            (
                Some("id:8"),
                Some("ann"),
                None,
                "somebody else's key never replaces hers",
            ),
            (Some("id:7"), Some("build"), Some("ann"), "entered for another account"),
            (Some("key:ci"), Some("build"), Some("build"), "a service's new key"),
            (Some("key:ci"), None, None, "two services may name their keys alike"),
            (Some("key:practice"), None, None, "a key named practice is not practice"),
            (None, Some("ann"), None, "an owner without a name is not her"),
            (None, Some("unnamed"), Some("unnamed"), "nothing is known of either"),
        ];
        for (user, replaces, expected, reason) in table {
            let found = account_for(&users, user, replaces.map(id).as_ref());
            assert_eq!(found, expected.map(id), "{reason}");
        }
    }
}
