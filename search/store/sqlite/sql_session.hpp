#pragma once

#include <soci/soci.h>

#include <optional>
#include <string>

#include "architecture/base/error.hpp"

namespace gensynth::store::sqlite {

/// A connection to a run's database file. Errors of the database become Errors that name the file.
class SqlSession {
 public:
  enum class Mode { create, write, read };
  /// `create` makes the tables. Throws Error for a file that is no run's database or has another schema version.
  SqlSession(std::string path, Mode mode);

  soci::session& sql() const { return sql_; }
  const std::string& path() const { return path_; }

  /// Runs `body` and returns what it returns.
  template <typename Body>
  auto guarded(Body body) const {
    try {
      return body();
    } catch (const soci::soci_error& error) {
      throw Error(path_ + ": " + error.what(), ErrorKind::environment);
    }
  }

  /// Runs `body` in a transaction that is rolled back when it throws. SQLite upgrades the lock of a deferred
  /// transaction too late for several writers, so that every transaction begins as a writer.
  template <typename Body>
  auto transaction(Body body) const {
    return guarded([&] {
      sql_ << "BEGIN IMMEDIATE";
      try {
        if constexpr (std::is_void_v<decltype(body())>) {
          body();
          sql_ << "COMMIT";
        } else {
          auto result = body();
          sql_ << "COMMIT";
          return result;
        }
      } catch (...) {
        roll_back();
        throw;
      }
    });
  }

 private:
  void roll_back() const;
  void connect(const std::string& name);
  /// Both return the schema's version, if there is one, and let the database's errors through.
  std::optional<std::string> open_to_write();
  std::optional<std::string> open_to_read();

  std::string path_;
  mutable soci::session sql_;
};

}  // namespace gensynth::store::sqlite
