#include "search/store/sqlite/sql_session.hpp"

#include <fmt/format.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <filesystem>
#include <string_view>
#include <utility>

#include "search/store/sqlite/sql_rows.hpp"

namespace gensynth::store::sqlite {

namespace {

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("/._-~").find(c) != std::string_view::npos;
}

/// The file as SQLite's URI for a database that nobody changes: SQLite neither locks it nor needs files beside it.
std::string immutable_uri(const std::string& path) {
  std::string result = "file:";
  for (const char c : std::filesystem::absolute(path).lexically_normal().string()) {
    result += is_unreserved(c) ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return result + "?immutable=1";
}

/// Whether there are changes beside the file that were not yet written to it.
bool has_pending_changes(const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path + "-wal", error);
  return !error && size > 0;
}

}  // namespace

SqlSession::SqlSession(std::string path, Mode mode) : path_(std::move(path)) {
  if (mode == Mode::create) {
    guarded([&] { connect(path_); });
    transaction([&] { create_tables(sql_); });
    return;
  }
  std::optional<std::string> schema;
  try {
    schema = mode == Mode::write ? open_to_write() : open_to_read();
  } catch (const soci::soci_error& error) {
    const bool pending = mode == Mode::read && has_pending_changes(path_);
    throw Error(
        fmt::format("{}: cannot be read as a gensynth run database: {}{}", path_, error.what(),
                    pending ? "; its last changes lie in run.db-wal: copy the run to a folder that you may write" : ""),
        ErrorKind::environment);
  }
  if (schema != kSchemaVersion) {
    throw Error(path_ + ": the run's database has schema version " + schema.value_or("(none)") +
                ", this gensynth needs version " + kSchemaVersion +
                "; use the gensynth that made the run, or start the job in its job.json anew with another --out");
  }
}

void SqlSession::connect(const std::string& name) { sql_.open(soci::sqlite3, "dbname=\"" + name + "\" timeout=20"); }

std::optional<std::string> SqlSession::open_to_write() {
  connect(path_);
  sql_ << "PRAGMA journal_mode=WAL";
  sql_ << "PRAGMA synchronous=FULL";
  return read_value(sql_, "schema");
}

/// On read-only media, and in the folder of another user, SQLite cannot make the files that a write-ahead log needs.
std::optional<std::string> SqlSession::open_to_read() {
  try {
    connect(path_);
    sql_ << "PRAGMA query_only=1";
    return read_value(sql_, "schema");
  } catch (const soci::soci_error& first) {
    if (has_pending_changes(path_)) throw;
    try {
      sql_.close();
      connect(immutable_uri(path_));
      sql_ << "PRAGMA query_only=1";
      return read_value(sql_, "schema");
    } catch (const soci::soci_error&) {  // the first error says more
      throw first;
    }
  }
}

void SqlSession::roll_back() const {
  try {
    sql_ << "ROLLBACK";
  } catch (const soci::soci_error&) {  // the first error says more
  }
}

}  // namespace gensynth::store::sqlite
