#pragma once

#include <soci/soci.h>

#include <optional>
#include <string>
#include <vector>

#include "search/trial/trial.hpp"

namespace gensynth::store::sqlite {

/// The tables of a run's database, and how trials, events and named values are kept in their rows. No transactions
/// here (sql_session.hpp has them); errors of the database pass through as soci::soci_error. The version rises with
/// every change of a table: runs of other versions are refused.
constexpr const char* kSchemaVersion = "3";
void create_tables(soci::session& sql);

void insert_trial(soci::session& sql, const trial::Trial& trial);
/// Numbers the trials in the order given, after those marked before. Throws Error naming `source` for a trial that does
/// not exist or is marked already.
void mark_observed(soci::session& sql, const std::vector<std::int64_t>& trials, const std::string& source);

/// Puts a running trial back into the queue as lost, or ends it as failed when it was lost too often; with its events.
void lose_running(soci::session& sql, const trial::Trial& trial, double core_seconds, const std::string& reason);

void insert_event(soci::session& sql, const trial::Event& event);  ///< the database chooses `seq`

void put_value(soci::session& sql, const std::string& name, const std::string& content);  ///< replaces
std::optional<std::string> read_value(soci::session& sql, const std::string& name);

}  // namespace gensynth::store::sqlite
