//! Who the key belongs to, which models and repositories it can use (API v1).

use serde::{Deserialize, Deserializer};

use crate::decode::{null_as_default, text_or_number};
use crate::{ModelChoice, ModelSetting, Timestamp};

/// The owner of a key. Keys of service accounts carry no user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    /// The name given to the key.
    #[serde(default)]
    pub api_key_name: Option<String>,
    /// When the key was made.
    #[serde(default)]
    pub created_at: Option<Timestamp>,
    /// The user, a number today.
    #[serde(default, deserialize_with = "text_or_number")]
    pub user_id: Option<String>,
    /// The user's address.
    #[serde(default)]
    pub user_email: Option<String>,
    /// The user's first name.
    #[serde(default)]
    pub user_first_name: Option<String>,
    /// The user's last name.
    #[serde(default)]
    pub user_last_name: Option<String>,
}

/// A model with what can be set about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Model {
    /// Its identifier.
    pub id: String,
    /// Its name for people.
    pub display_name: String,
    /// What it is good for.
    pub description: Option<String>,
    /// Other identifiers of it.
    pub aliases: Vec<String>,
    /// What can be set.
    pub parameters: Vec<ModelParameter>,
    /// The combinations that can be chosen; not every one that the parameters allow.
    pub variants: Vec<ModelVariant>,
}

impl Model {
    /// The model with all settings of its default variant (else of its first): the choice that the
    /// server takes for every model.
    pub fn default_choice(&self) -> ModelChoice {
        let variant = self
            .variants
            .iter()
            .find(|variant| variant.is_default)
            .or(self.variants.first());
        ModelChoice {
            id: self.id.clone(),
            settings: variant.map(|v| v.settings.clone()).unwrap_or_default(),
        }
    }
}

impl<'de> Deserialize<'de> for Model {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Fields {
            id: String,
            #[serde(default)]
            display_name: Option<String>,
            #[serde(default)]
            description: Option<String>,
            #[serde(default, deserialize_with = "null_as_default")]
            aliases: Vec<String>,
            #[serde(default, deserialize_with = "null_as_default")]
            parameters: Vec<ModelParameter>,
            #[serde(default, deserialize_with = "null_as_default")]
            variants: Vec<ModelVariant>,
        }
        /// The first servers of v1 listed plain texts.
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Item {
            Id(String),
            Fields(Fields),
        }
        Ok(match Item::deserialize(deserializer)? {
            Item::Id(id) => Self {
                display_name: id.clone(),
                id,
                ..Self::default()
            },
            Item::Fields(fields) => Self {
                display_name: fields.display_name.unwrap_or_else(|| fields.id.clone()),
                id: fields.id,
                description: fields.description,
                aliases: fields.aliases,
                parameters: fields.parameters,
                variants: fields.variants,
            },
        })
    }
}

/// Something that can be set about a model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelParameter {
    /// Its identifier.
    pub id: String,
    /// Its name for people.
    #[serde(default)]
    pub display_name: Option<String>,
    /// The values it can have.
    #[serde(default, deserialize_with = "null_as_default")]
    pub values: Vec<ModelValue>,
}

/// A value of a parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelValue {
    /// The value as sent.
    pub value: String,
    /// Its name for people.
    #[serde(default)]
    pub display_name: Option<String>,
}

/// A combination of settings that can be chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelVariant {
    /// All its settings; empty for a model without any.
    #[serde(default, rename = "params", deserialize_with = "null_as_default")]
    pub settings: Vec<ModelSetting>,
    /// Its name for people.
    #[serde(default, deserialize_with = "null_as_default")]
    pub display_name: String,
    /// What it is good for.
    #[serde(default)]
    pub description: Option<String>,
    /// Whether it is the one to take.
    #[serde(default, deserialize_with = "null_as_default")]
    pub is_default: bool,
    /// Whether it is billed as "max".
    #[serde(default, deserialize_with = "null_as_default")]
    pub is_max_mode: bool,
}

/// A repository that the account's GitHub connection covers; other hosts are never listed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Repository {
    /// Its address with `https://`.
    pub url: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_a_user_and_one_of_a_service_are_read() {
        let service = Me {
            api_key_name: Some("ci".to_owned()),
            ..Me::default()
        };
        let user = Me {
            user_id: Some("405041965".to_owned()),
            user_email: Some("a@b.c".to_owned()),
            ..service.clone()
        };
        let table = [
            (r#"{"apiKeyName":"ci"}"#, service),
            (
                r#"{"apiKeyName":"ci","userId":405041965,"userEmail":"a@b.c","userLastName":null}"#,
                user.clone(),
            ),
            (r#"{"apiKeyName":"ci","userId":"405041965","userEmail":"a@b.c"}"#, user),
        ];
        for (json, expected) in table {
            assert_eq!(serde_json::from_str::<Me>(json).unwrap(), expected, "{json}");
        }
    }

    #[test]
    fn the_choice_of_a_model_is_its_default_variant() {
        let json = r#"[
            {"id":"composer-2.5","displayName":"Composer 2.5","aliases":null,"variants":[
                {"params":[{"id":"fast","value":"false"}],"displayName":"Composer 2.5"},
                {"params":[{"id":"fast","value":"true"}],"displayName":"Composer 2.5 Fast","isDefault":true}]},
            {"id":"odd","displayName":null,"variants":[{"params":[{"id":"x","value":"1"}]}]},
            "plain"]"#;
        let models: Vec<Model> = serde_json::from_str(json).unwrap();
        let choice = |id: &str, settings: &[(&str, &str)]| ModelChoice {
            id: id.to_owned(),
            settings: settings
                .iter()
                .map(|(id, value)| ModelSetting {
                    id: (*id).to_owned(),
                    value: (*value).to_owned(),
                })
                .collect(),
        };
        let choices: Vec<ModelChoice> = models.iter().map(Model::default_choice).collect();
        let expected = [
            choice("composer-2.5", &[("fast", "true")]),
            choice("odd", &[("x", "1")]),
            choice("plain", &[]),
        ];
        assert_eq!(choices, expected);
        let names: Vec<&str> = models.iter().map(|model| model.display_name.as_str()).collect();
        assert_eq!(
            names,
            ["Composer 2.5", "odd", "plain"],
            "a model always has a name to show"
        );
    }
}
