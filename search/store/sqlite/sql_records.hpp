#pragma once

#include <soci/soci.h>

#include <functional>
#include <string>
#include <vector>

#include "search/store/run_reader.hpp"
#include "search/trial/trial.hpp"

namespace gensynth::store::sqlite {

/// Reading records that may be damaged: SQLite keeps any value in any column, and files break. Errors of the database
/// pass through as soci::soci_error; `source` is the database's name for messages.
using OnDamage = std::function<void(DamagedRecord&&)>;

/// `condition` follows FROM trial in the query (WHERE ..., ORDER BY ...). A damaged record goes to `on_damage`.
void read_trials(soci::session& sql, const std::string& condition, const std::string& source,
                 const std::function<void(trial::Trial&&)>& visit, const OnDamage& on_damage);
/// The same for the table of events.
void read_events(soci::session& sql, const std::string& condition, const std::string& source,
                 const std::function<void(trial::Event&&)>& visit, const OnDamage& on_damage);

/// The trials with a column of a wrong type or an unknown name in it; texts of `body` are not looked into.
std::vector<DamagedRecord> damaged_trials(soci::session& sql, const std::string& source);

/// A condition of SQL: whether the columns of a trial are sound, the same texts excepted.
const std::string& trial_is_sound();

}  // namespace gensynth::store::sqlite
