#include "search/store/sqlite/sql_records.hpp"

#include <fmt/format.h>

#include <climits>
#include <string_view>

#include "architecture/base/error.hpp"
#include "architecture/base/text.hpp"
#include "search/trial/trial_record.hpp"

namespace gensynth::store::sqlite {
namespace {

using soci::into;

enum class Kind { whole, real, text };

/// A column, and which of its values are sound.
struct Column {
  const char* name;
  Kind kind;
  std::string expected;
  std::string more = "";  ///< a condition of SQL beside the type

  std::string is_sound() const {
    const char* type = kind == Kind::whole ? "= 'integer'" : kind == Kind::text ? "= 'text'" : "IN ('real', 'integer')";
    return fmt::format("(typeof({0}) {1}{2}{3})", name, type, more.empty() ? "" : " AND ", more);
  }
  /// The value, or one of its type where it is of another: SOCI converts those silently, and throws for NULL.
  std::string value() const {
    return fmt::format("CASE WHEN {} THEN {} ELSE {} END", is_sound(), name, kind == Kind::text ? "''" : "0");
  }
};

template <class Names>
std::string name_list(const Names& names) {
  std::string result;
  for (const auto each : names) result += fmt::format("{}'{}'", result.empty() ? "" : ", ", to_string(each));
  return result;
}

constexpr Stage kStages[] = {Stage::none, Stage::graph, Stage::latency, Stage::plugin, Stage::probe, Stage::proxy};
constexpr trial::EventKind kEvents[] = {
    trial::EventKind::proposed, trial::EventKind::claimed, trial::EventKind::rung,
    trial::EventKind::finished, trial::EventKind::lost,    trial::EventKind::preempted,
    trial::EventKind::requeued, trial::EventKind::budget,  trial::EventKind::resumed};

Column names_of(const char* column, const std::string& names) {
  return {column, Kind::text, "one of " + names, fmt::format("{} IN ({})", column, names)};
}

Column count(const char* column, std::int64_t low, std::int64_t high) {
  return {column, Kind::whole, fmt::format("a whole number from {}", low),
          fmt::format("{} BETWEEN {} AND {}", column, low, high)};
}

const std::vector<Column>& trial_columns() {
  static const std::vector<Column> columns = {count("id", 1, INT64_MAX),
                                              count("ordinal", 0, INT64_MAX),
                                              names_of("state", name_list(trial::kTrialStates)),
                                              count("attempt", 0, INT_MAX),
                                              {"rule", Kind::text, "a text"},
                                              names_of("stage", name_list(kStages)),
                                              {"core_seconds", Kind::real, "a number"},
                                              {"worker", Kind::text, "a text"},
                                              {"lease_until", Kind::real, "a number"},
                                              {"hash", Kind::text, "a text"},
                                              {"body", Kind::text, "a text"},
                                              {"violation", Kind::real, "a number"},
                                              count("observed", 0, INT64_MAX),
                                              count("unseen", 0, 1)};
  return columns;
}

const std::vector<Column>& event_columns() {
  static const std::vector<Column> columns = {count("seq", 1, INT64_MAX),
                                              {"time", Kind::real, "a number"},
                                              count("trial", 0, INT64_MAX),
                                              names_of("event", name_list(kEvents)),
                                              names_of("stage", name_list(kStages)),
                                              {"from_state", Kind::text, "a text"},
                                              {"to_state", Kind::text, "a text"},
                                              {"reason", Kind::text, "a text"}};
  return columns;
}

/// An expression of SQL that names the first damaged column with what it contains, or is ''.
std::string damage(const std::vector<Column>& columns) {
  std::string result = "CASE";
  for (const Column& column : columns) {
    std::string expected;  // quoted for SQL
    for (const char c : column.expected) expected += c == '\'' ? "''" : std::string(1, c);
    result += fmt::format(
        " WHEN NOT {0} THEN 'column {1}: expected {2}, found ' || typeof({1}) || ' ' ||"
        " substr(quote({1}), 1, 60)",
        column.is_sound(), column.name, expected);
  }
  return result + " ELSE '' END";
}

/// SELECT of the damage and the columns, up to FROM and the table.
std::string select(const std::vector<Column>& columns, std::size_t read, const char* table) {
  std::string result = "SELECT rowid, " + damage(columns);
  for (std::size_t i = 0; i < read; ++i) result += ", " + columns[i].value();
  return result + " FROM " + table + " ";
}

constexpr std::size_t kReadColumns = 11;      // of trial_columns(): the rest is of the database only
constexpr std::size_t kLongestMessage = 300;  // of the values and reasons in it

std::string record_name(const char* table, std::int64_t number, std::int64_t row) {
  return number > 0 ? fmt::format("{} {}", table, number) : fmt::format("row {} of table {}", row, table);
}

void require_utf8(const std::string& text, const char* column, const std::string& place) {
  if (!is_utf8(text)) throw Error(place + ": column " + column + ": not valid UTF-8");
}

}  // namespace

const std::string& trial_is_sound() {
  static const std::string condition = damage(trial_columns()) + " = ''";
  return condition;
}

void read_trials(soci::session& sql, const std::string& condition, const std::string& source,
                 const std::function<void(trial::Trial&&)>& visit, const OnDamage& on_damage) {
  static const std::string query = select(trial_columns(), kReadColumns, "trial");
  trial::Trial row;
  long long number = 0;
  std::string damaged;
  long long id = 0;
  long long ordinal = 0;
  std::string state;
  std::string stage;
  std::string body;
  soci::statement find = (sql.prepare << query + condition, into(number), into(damaged), into(id), into(ordinal),
                          into(state), into(row.attempt), into(row.rule), into(stage), into(row.core_seconds),
                          into(row.worker), into(row.lease_until), into(row.hash), into(body));
  find.execute();
  while (find.fetch()) {
    const std::string place = source + ": " + record_name("trial", id, number);
    if (!damaged.empty()) {
      on_damage({id, place + ": " + shortened(damaged, kLongestMessage)});
      continue;
    }
    trial::Trial trial = row;
    try {
      trial.id = id;
      trial.ordinal = ordinal;
      trial.state = trial::trial_state_from_string(state);
      trial.stage = stage_from_string(stage);
      require_utf8(trial.rule, "rule", place);
      require_utf8(trial.worker, "worker", place);
      require_utf8(trial.hash, "hash", place);
      trial::read_trial_body(body, place + ": column body", trial);
    } catch (const Error& error) {
      on_damage({id, error.what()});
      continue;
    }
    visit(std::move(trial));
  }
}

void read_events(soci::session& sql, const std::string& condition, const std::string& source,
                 const std::function<void(trial::Event&&)>& visit, const OnDamage& on_damage) {
  static const std::string query = select(event_columns(), event_columns().size(), "event");
  trial::Event row;
  long long number = 0;
  std::string damaged;
  long long seq = 0;
  long long trial = 0;
  std::string kind;
  std::string stage;
  soci::statement find = (sql.prepare << query + condition, into(number), into(damaged), into(seq), into(row.time),
                          into(trial), into(kind), into(stage), into(row.from), into(row.to), into(row.reason));
  find.execute();
  while (find.fetch()) {
    const std::string place = source + ": " + record_name("event", seq, number);
    if (damaged.empty() && !(is_utf8(row.from) && is_utf8(row.to) && is_utf8(row.reason))) {
      damaged = "a text is not valid UTF-8";
    }
    if (!damaged.empty()) {
      on_damage({trial, place + ": " + shortened(damaged, kLongestMessage)});
      continue;
    }
    trial::Event event = row;
    event.seq = seq;
    event.trial = trial;
    event.kind = trial::event_kind_from_string(kind);
    event.stage = stage_from_string(stage);
    visit(std::move(event));
  }
}

std::vector<DamagedRecord> damaged_trials(soci::session& sql, const std::string& source) {
  std::vector<DamagedRecord> result;
  static const std::string query = select(trial_columns(), 1, "trial") + "WHERE NOT (" + trial_is_sound() + ")";
  long long number = 0;
  std::string damaged;
  long long id = 0;
  soci::statement find = (sql.prepare << query, into(number), into(damaged), into(id));
  find.execute();
  while (find.fetch()) {
    result.push_back(
        {id, source + ": " + record_name("trial", id, number) + ": " + shortened(damaged, kLongestMessage)});
  }
  return result;
}

}  // namespace gensynth::store::sqlite
