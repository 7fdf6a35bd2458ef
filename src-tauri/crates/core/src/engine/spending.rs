//! What agents use: asked for, kept, summed, and held against the user's own limits.

use std::collections::HashMap;

use cursor_cloud_agents::{AgentId as WireAgent, Client, Cost, ErrorCode, RunId as WireRun, RunUsage, TokenCount};
use sendoff_store::{SpendingBy, SpendingRow, SpendingSum, Store, StoreError};

use super::requests::LaunchRequest;
use super::{Engine, decode, failures, lock, mailbox::AgentMail};
use crate::machines::notice::{Known, Need, Standing, Subject};
use crate::machines::spending::{estimate, made_at, micros, models, reached, tokens};
use crate::model::{
    AccountId, Agent, AgentId, DaySpent, Failure, Limits, Outlook, PartSpent, RunId, RunUsed, ShotTarget, Spending,
    SpendingRange, SpendingRules, Spent, Usage,
};
use crate::record::{AgentRecord, latest_first};

/// After so many times the patience each it is asked again what runs cost that had no cost when they ended.
const LATE: [u32; 4] = [1, 5, 30, 120];
/// What ended longer ago is not asked for at a start, in milliseconds.
const RECENT: u64 = 8 * 86_400_000;
/// So many agents are asked for at a start.
const OWED: usize = 8;

impl Engine {
    /// What the active account used in the days up to today.
    ///
    /// # Errors
    /// Without an account, or when the disk does not give it.
    pub async fn spending(&self, range: SpendingRange) -> Result<Spending, Failure> {
        let account = self.read(|world| world.active().cloned()).ok_or(Failure::NoAccount)?;
        let before = match range {
            SpendingRange::Week => 6,
            SpendingRange::Month => 29,
            SpendingRange::Quarter => 89,
        };
        let outlook = self.limits(&account).await?;
        let (now, of) = (self.service_time(&account) as i64, account.0);
        let (total, days, repositories, models, agents) = self
            .disk(move |store| {
                let (today, _) = store.local_day(now, 0)?;
                let (from, _) = store.local_day(now, before)?;
                let by = |by| store.spending_by(&of, &from, &today, by);
                Ok((
                    store.spending_total(&of, &from, &today)?,
                    store.spending_days(&of, &from, &today)?,
                    by(SpendingBy::Repository)?,
                    by(SpendingBy::Model)?,
                    by(SpendingBy::Agent)?,
                ))
            })
            .await?;
        let part = |(of, sum): (Option<String>, SpendingSum)| PartSpent {
            of,
            title: None,
            spent: spent(&sum),
        };
        let titled = |part: PartSpent| {
            let agent = part.of.clone().map(AgentId);
            let title = agent.and_then(|id| self.read(|world| Some(world.agent(&id)?.agent.title.clone())));
            PartSpent { title, ..part }
        };
        Ok(Spending {
            total: spent(&total),
            days: days
                .into_iter()
                .map(|(day, sum)| DaySpent {
                    day,
                    spent: spent(&sum),
                })
                .collect(),
            repositories: repositories.into_iter().map(part).collect(),
            models: models.into_iter().map(part).collect(),
            agents: agents.into_iter().map(part).map(titled).collect(),
            outlook,
        })
    }

    /// What may be said before a draft or an answer is sent: what it usually costs, and the limits that were reached.
    ///
    /// # Errors
    /// When the draft or the agent is not there, or the disk does not give it.
    pub async fn outlook(&self, target: &ShotTarget) -> Result<Outlook, Failure> {
        let found = self.read(|world| {
            let (account, repository, model) = match target {
                ShotTarget::Draft(draft) => {
                    let draft = world.draft(draft)?;
                    (&draft.account, &draft.repository, &draft.model)
                }
                ShotTarget::Answer(agent) => {
                    let agent = &world.agent(agent)?.agent;
                    (&agent.account, &agent.repository, &agent.model)
                }
            };
            let model = model.as_ref().map_or_else(String::new, |model| model.id.clone());
            Some((account.clone(), repository.clone(), model))
        });
        let (account, repository, model) = found.ok_or(Failure::NotFound)?;
        let limits = self.limits(&account).await?;
        let Some(repository) = repository else {
            return Ok(Outlook { estimate: None, limits });
        };
        let (same, all) = self
            .disk(move |store| {
                Ok((
                    store.spending_costs(&account.0, &repository, Some(&model))?,
                    store.spending_costs(&account.0, &repository, None)?,
                ))
            })
            .await?;
        let costs = |found: Vec<i64>| found.into_iter().map(whole).collect::<Vec<_>>();
        Ok(Outlook {
            estimate: estimate(&costs(same), &costs(all)),
            limits,
        })
    }

    /// The user's own limits that an account has reached, today and this week by the service's clock.
    async fn limits(&self, account: &AccountId) -> Result<Limits, Failure> {
        let rules = self.read(|world| world.settings().spending);
        Ok(self.limits_reached(account, rules).await?.0)
    }

    /// The limits reached, with the first days of what they are for: today, and Monday.
    async fn limits_reached(
        &self,
        account: &AccountId,
        rules: SpendingRules,
    ) -> Result<(Limits, (String, String)), Failure> {
        let (now, of) = (self.service_time(account) as i64, account.0.clone());
        self.disk(move |store| {
            let (today, monday) = store.local_day(now, 0)?;
            let limits = Limits {
                day: reached(spent_since(store, &of, &today, &today)?, rules.day_limit),
                week: reached(spent_since(store, &of, &monday, &today)?, rules.week_limit),
            };
            Ok((limits, (today, monday)))
        })
        .await
    }

    /// Fetches what an agent used, where the account gives it, and keeps it by run.
    pub(crate) async fn fetch_usage(&self, id: &AgentId) -> Result<Vec<(RunId, Usage)>, Failure> {
        let (account, client, wire) = self.agent_client(id)?;
        self.afford(&account).await;
        self.ask_usage(id, account, &client, &wire).await
    }

    /// The same once nobody waits for anything.
    async fn fetch_usage_behind(&self, id: &AgentId) -> Result<Vec<(RunId, Usage)>, Failure> {
        let (account, client, wire) = self.agent_client(id)?;
        self.afford_behind(&account).await;
        self.ask_usage(id, account, &client, &wire).await
    }

    async fn ask_usage(
        &self,
        id: &AgentId,
        account: AccountId,
        client: &Client,
        wire: &WireAgent,
    ) -> Result<Vec<(RunId, Usage)>, Failure> {
        let told = match client.usage(wire, None).await {
            Ok(told) => told,
            Err(error) => return self.usage_refused(&account, &error).await.map(|()| Vec::new()),
        };
        let runs = used_by_run(&told.runs);
        // A sum of what is not told yet is no cost of nothing.
        let known = !runs.is_empty() || told.total_usage.total_tokens > 0;
        let usage = known.then(|| usage_of(&told.total_usage, told.cost.as_ref()));
        self.edit(|world| {
            if let Some(mut record) = world.agent(id).cloned() {
                record.agent.usage = usage;
                record.agent.run_usage = runs;
                world.put_agent(record);
            }
        });
        self.note_usage_told(&account, true).await;
        self.keep_spending(id, &account, &told.runs).await?;
        self.tell_of_limits(&account).await?;
        let of = |run: &RunUsage| (run.id.as_str().into(), usage_of(&run.usage, run.cost.as_ref()));
        Ok(told.runs.iter().map(of).collect())
    }

    /// Whether it is known what each run of an agent cost; of an account that is never told, nothing is to be known.
    pub(crate) fn is_priced(&self, id: &AgentId) -> bool {
        self.read(|world| {
            let agent = world.agent(id).map(|record| &record.agent);
            agent.is_none_or(|agent| {
                let untold = world.account(&agent.account).is_none_or(|held| held.usage_unavailable);
                untold || is_priced(agent)
            })
        })
    }

    /// Asks again in a while, longer each time: what a run cost may be told later than that it is over (API §8). Nothing
    /// is asked about agents that ended long ago, and about each once at a time.
    pub(crate) fn fetch_usage_later(&self, id: &AgentId) {
        let since = self.now().saturating_sub(RECENT);
        let late = self.read(|world| world.agent(id).is_some_and(|record| record.touched_at >= since));
        if !late {
            return;
        }
        // Another run ended: it begins anew.
        let turn = {
            let mut turns = lock(&self.0.late_usage);
            let turn = turns.entry(id.clone()).or_insert(0_u64);
            *turn += 1;
            *turn
        };
        let (engine, id) = (self.clone(), id.clone());
        self.spawn(async move {
            for wait in LATE {
                tokio::time::sleep(engine.0.options.usage_patience * wait).await;
                if lock(&engine.0.late_usage).get(&id) != Some(&turn) {
                    return;
                }
                match engine.fetch_usage_behind(&id).await {
                    Ok(told) => engine.mail_agent(&id, AgentMail::UsedInAll(told)),
                    Err(failure) => {
                        tracing::warn!(?failure, "what was used is asked for again");
                        continue;
                    }
                }
                if engine.is_priced(&id) {
                    break;
                }
            }
            let mut turns = lock(&engine.0.late_usage);
            if turns.get(&id) == Some(&turn) {
                turns.remove(&id);
            }
        });
    }

    /// Asks what the agents of an account used that are at rest and whose cost is not known: the app may have been quit
    /// before it was told.
    pub(crate) fn fetch_usage_owed(&self, account: &AccountId) {
        let owed: Vec<AgentId> = self.read(|world| {
            if world
                .account(account)
                .is_none_or(|held| held.usage_unavailable || held.older_api)
            {
                return Vec::new();
            }
            let owes = |record: &&AgentRecord| {
                record.agent.account == *account && !record.is_live() && !is_priced(&record.agent)
            };
            let mut records: Vec<_> = world.agents().filter(owes).collect();
            latest_first(&mut records);
            records
                .iter()
                .take(OWED)
                .map(|record| record.agent.id.clone())
                .collect()
        });
        for id in owed {
            self.fetch_usage_later(&id);
        }
    }

    /// Fetches what a run under way used so far. Nobody waits for it, so it leaves half of the budget to others.
    pub(crate) async fn fetch_run_usage(&self, id: &AgentId, run: &RunId) -> Result<Option<Usage>, Failure> {
        let (account, client, wire) = self.agent_client(id)?;
        let run = WireRun::parse(run.as_str()).map_err(|_| Failure::NotFound)?;
        self.afford_behind(&account).await;
        match client.usage(&wire, Some(&run)).await {
            Ok(told) => {
                let found = told.runs.iter().find(|found| found.id == run);
                Ok(found.map(|found| usage_of(&found.usage, found.cost.as_ref())))
            }
            Err(error) => self.usage_refused(&account, &error).await.map(|()| None),
        }
    }

    /// Not every account is told (API §8): that is no failure, and it is said where usage would stand.
    async fn usage_refused(&self, account: &AccountId, error: &cursor_cloud_agents::Error) -> Result<(), Failure> {
        if error.status() == Some(403) && error.code() == Some(&ErrorCode::FeatureUnavailable) {
            self.note_usage_told(account, false).await;
            return Ok(());
        }
        if matches!(error.status(), Some(403 | 404)) {
            return Ok(());
        }
        Err(failures::of_service(error))
    }

    async fn note_usage_told(&self, account: &AccountId, told: bool) {
        let Some(mut held) = self.read(|world| world.account(account).cloned()) else {
            return;
        };
        if held.usage_unavailable != told {
            return;
        }
        held.usage_unavailable = !told;
        if let Err(failure) = self.save_account(held, self.user_of(account)).await {
            tracing::warn!(?failure, "whether usage is told is found out again");
        }
    }

    /// Keeps what the runs of an agent used; one that the service knows nothing of yet is left out.
    async fn keep_spending(&self, id: &AgentId, account: &AccountId, runs: &[RunUsage]) -> Result<(), Failure> {
        let Some(agent) = self.read(|world| world.agent(id).map(|record| record.agent.clone())) else {
            return Ok(());
        };
        let model = match agent.launch {
            Some(launch) => self
                .disk(move |store| store.launch(&launch.0))
                .await?
                .and_then(|row| decode::<LaunchRequest>(&row.request, "a launch"))
                .map(|request| request.draft.model.map_or_else(String::new, |model| model.id)),
            None => None,
        };
        let named = self.models_named(id, account).await?;
        let known: Vec<_> = agent.runs.iter().map(|run| named.get(&run.id.0).cloned()).collect();
        let used = models(model.as_ref(), &known);
        let used: HashMap<&str, _> = agent.runs.iter().map(|run| run.id.as_str()).zip(used).collect();
        let now = self.service_time(account);
        let rows: Vec<SpendingRow> = runs
            .iter()
            .filter(|run| is_told(run))
            .map(|run| {
                let made = agent.runs.iter().find(|known| known.id.as_str() == run.id.as_str());
                SpendingRow {
                    account: account.0.clone(),
                    agent: id.0.clone(),
                    run: run.id.as_str().to_owned(),
                    at_ms: made_at(made.map(|made| made.created_at), agent.created_at, now) as i64,
                    repository: agent.repository.clone(),
                    model: match used.get(run.id.as_str()) {
                        Some(used) => used.clone(),
                        None => named.get(run.id.as_str()).or(model.as_ref()).cloned(),
                    },
                    input: tokens(run.usage.input_tokens) as i64,
                    output: tokens(run.usage.output_tokens) as i64,
                    cache_read: tokens(run.usage.cache_read_tokens) as i64,
                    cache_write: tokens(run.usage.cache_write_tokens) as i64,
                    micros: money(run.cost.as_ref()).map(|micros| micros as i64),
                }
            })
            .collect();
        self.disk(move |store| store.put_spending(&rows)).await
    }

    /// Tells once a day and once a week that the user's own limit was reached.
    async fn tell_of_limits(&self, account: &AccountId) -> Result<(), Failure> {
        let rules = self.read(|world| world.settings().spending);
        if rules.day_limit.is_none() && rules.week_limit.is_none() {
            return Ok(());
        }
        let (limits, (today, monday)) = self.limits_reached(account, rules).await?;
        let told = [
            (limits.day, today, Need::DayLimit),
            (limits.week, monday, Need::WeekLimit),
        ];
        for (limit, from, need) in told {
            if let Some(reached) = limit {
                let subject = Subject::Limit {
                    account: account.clone(),
                    from,
                    limit: reached.limit,
                };
                let standing = Standing::NeedsYou(need);
                self.tell(None, &Known { subject, standing }).await;
            }
        }
        Ok(())
    }
}

fn spent_since(store: &Store, account: &str, from: &str, until: &str) -> Result<u64, StoreError> {
    store.spending_total(account, from, until).map(|sum| whole(sum.micros))
}

fn whole(amount: i64) -> u64 {
    u64::try_from(amount).unwrap_or_default()
}

fn spent(sum: &SpendingSum) -> Spent {
    Spent {
        runs: whole(sum.runs),
        input: whole(sum.input),
        output: whole(sum.output),
        cache_read: whole(sum.cache_read),
        cache_write: whole(sum.cache_write),
        micros: whole(sum.micros),
        unpriced: whole(sum.unpriced),
    }
}

/// What was really charged, or else what it costs before discounts.
fn money(cost: Option<&Cost>) -> Option<u64> {
    let cost = cost?;
    cost.charged_cents.or(cost.raw_cost_cents).and_then(micros)
}

/// Whether it is known of each run what it cost.
fn is_priced(agent: &Agent) -> bool {
    agent.runs.iter().all(|run| {
        let of = agent.run_usage.iter().find(|used| used.run == run.id);
        of.is_some_and(|used| used.usage.micros.is_some())
    })
}

/// A run that ended just now may stand there before what it used is known.
fn is_told(run: &RunUsage) -> bool {
    run.usage.total_tokens > 0 || run.cost.is_some()
}

/// What each run used that is told of, in their order.
fn used_by_run(runs: &[RunUsage]) -> Vec<RunUsed> {
    let told = runs.iter().filter(|run| is_told(run));
    told.map(|run| RunUsed {
        run: run.id.as_str().into(),
        usage: usage_of(&run.usage, run.cost.as_ref()),
    })
    .collect()
}

fn usage_of(count: &TokenCount, cost: Option<&Cost>) -> Usage {
    Usage {
        tokens: tokens(count.total_tokens),
        micros: money(cost),
    }
}
