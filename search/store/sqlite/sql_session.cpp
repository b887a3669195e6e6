#include "search/store/sqlite/sql_session.hpp"

#include <soci/sqlite3/soci-sqlite3.h>

#include <optional>
#include <utility>

#include "search/store/sqlite/sql_rows.hpp"

namespace gensynth::store::sqlite {

SqlSession::SqlSession(std::string path, Mode mode) : path_(std::move(path)) {
  guarded([&] { sql_.open(soci::sqlite3, "dbname=\"" + path_ + "\" timeout=20"); });
  if (mode == Mode::create) {
    transaction([&] { create_tables(sql_); });
    return;
  }
  std::optional<std::string> schema;
  try {
    if (mode == Mode::write) {
      sql_ << "PRAGMA journal_mode=WAL";
      sql_ << "PRAGMA synchronous=FULL";
    } else {
      sql_ << "PRAGMA query_only=1";
    }
    schema = read_value(sql_, "schema");
  } catch (const soci::soci_error&) {
    throw Error(path_ + ": this is not a gensynth run database");
  }
  if (schema != kSchemaVersion) {
    throw Error(path_ + ": the run's database has schema version " + schema.value_or("(none)") +
                ", this gensynth needs version " + kSchemaVersion +
                "; use the gensynth that made the run, or start the job in its job.json anew with another --out");
  }
}

void SqlSession::roll_back() const {
  try {
    sql_ << "ROLLBACK";
  } catch (const soci::soci_error&) {  // the first error says more
  }
}

}  // namespace gensynth::store::sqlite
