#pragma once

#include <soci/soci.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "search/trial/trial.hpp"

namespace gensynth::store::sqlite {

/// The tables of a run's database and how trials, events and named values lie in their rows. No transactions here
/// (sql_store.cpp has them); errors of the database pass through as soci::soci_error.
constexpr const char* kSchemaVersion = "2";
void create_tables(soci::session& sql);

void insert_trial(soci::session& sql, const trial::Trial& trial);
/// `condition` is what follows FROM trial: WHERE ..., ORDER BY ... Throws Error naming `source` for a damaged record.
void read_trials(soci::session& sql, const std::string& condition, const std::string& source,
                 const std::function<void(trial::Trial&&)>& visit);
/// Numbers the trials on, in the order given, behind those marked before.
void mark_observed(soci::session& sql, const std::vector<std::int64_t>& trials);
/// How far the trial is beyond the bound that rejected it, relative to that bound; 0 when nothing did.
double rejecting_violation(const trial::Trial& trial);

void insert_event(soci::session& sql, const trial::Event& event);  ///< `seq` is given by the database

void put_value(soci::session& sql, const std::string& name, const std::string& content);  ///< replaces
std::optional<std::string> read_value(soci::session& sql, const std::string& name);

}  // namespace gensynth::store::sqlite
