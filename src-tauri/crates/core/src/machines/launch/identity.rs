//! The identifiers of one launch: the first is minted, the next ones follow from it.

use sha2::{Digest, Sha256};
use uuid::Builder;

use crate::model::AgentId;

/// The identifier number `generation` (from 1) after the first. Derived and not drawn, so that a database restored
/// from a backup uses the same ones again and meets its own agents instead of making new ones.
pub(crate) fn derived(first: &AgentId, generation: u32) -> AgentId {
    let mut hash = Sha256::new();
    hash.update(first.as_str().as_bytes());
    hash.update(generation.to_be_bytes());
    let digest: [u8; 32] = hash.finalize().into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    AgentId(format!("bc-{}", Builder::from_random_bytes(bytes).into_uuid()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_identifier_is_well_formed_and_always_the_same() {
        let first = AgentId::from("bc-00000000-0000-4000-8000-000000000001");
        let next = derived(&first, 1);
        assert_eq!(next, derived(&first, 1), "no randomness");
        assert_ne!(next, derived(&first, 2), "every generation has its own");
        let uuid = uuid::Uuid::parse_str(&next.as_str()[3..]).unwrap();
        assert_eq!(uuid.get_version_num(), 4, "the API takes bc-<uuid>");
    }
}
