#include "search/store/sqlite/sql_store.hpp"

#include <filesystem>

#include "search/store/sqlite/sql_records.hpp"
#include "search/store/sqlite/sql_rows.hpp"

namespace gensynth::store::sqlite {

std::optional<std::string> SqlStore::value(const std::string& name) const {
  return session_.guarded([&] { return read_value(session_.sql(), name); });
}

void SqlStore::set_values(const std::map<std::string, std::string>& values) {
  session_.transaction([&] {
    for (const auto& [name, content] : values) put_value(session_.sql(), name, content);
  });
}

std::vector<trial::Trial> SqlStore::rows(const std::string& condition) const {
  std::vector<trial::Trial> result;
  read_trials(
      session_.sql(), condition, session_.path(), [&](trial::Trial&& trial) { result.push_back(std::move(trial)); },
      note_damage());
  return result;
}

std::unique_ptr<Store> create_store(const std::string& path, const std::map<std::string, std::string>& values) {
  if (std::filesystem::exists(path)) throw Error(path + ": a run exists here already");
  // Made under another name first: a database in place is complete, whenever this process is killed.
  const std::string unfinished = path + ".new";
  std::filesystem::remove(unfinished);
  // Remains of a database that was removed would be taken for changes of the new one.
  for (const char* remains : {".new-journal", "-journal", "-wal", "-shm"}) std::filesystem::remove(path + remains);
  SqlStore(unfinished, SqlSession::Mode::create).set_values(values);
  std::filesystem::rename(unfinished, path);
  return open_store(path);
}

std::unique_ptr<Store> open_store(const std::string& path, bool read_only) {
  if (!std::filesystem::is_regular_file(path)) throw Error(path + ": no run database here");
  return std::make_unique<SqlStore>(path, read_only ? SqlSession::Mode::read : SqlSession::Mode::write);
}

}  // namespace gensynth::store::sqlite
