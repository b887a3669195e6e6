#include "search/store/sqlite/sql_records.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "architecture/base/temporary_folder.hpp"
#include "search/store/sqlite/sql_store.hpp"
#include "tests/search/store/store_fixture.hpp"

namespace gensynth::store::sqlite {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// A store of three queued trials, one scored (4) and one rejected (5).
class SqlRecordsTest : public ::testing::Test {
 protected:
  SqlRecordsTest() {
    const auto store = create_store(path);
    trial::Trial ended = queued_trial(4);
    store->add({ended, queued_trial(1), queued_trial(2), queued_trial(3), rejected_trial(5, 1)}, {});
    sql("UPDATE trial SET state = 'scored', unseen = 1 WHERE id = 4");
  }
  void sql(const std::string& statement) const {
    soci::session session(soci::sqlite3, "dbname=\"" + path + "\"");
    session << statement;
  }
  static std::vector<std::int64_t> ids(const std::vector<trial::Trial>& trials) {
    std::vector<std::int64_t> result;
    for (const trial::Trial& trial : trials) result.push_back(trial.id);
    return result;
  }

  TemporaryFolder folder{"records"};
  std::string path = folder.file("run.db");
};

TEST_F(SqlRecordsTest, ADamagedRecordCostsItselfOnlyAndIsNamed) {
  struct Case {
    const char* change;
    const char* message;
  };
  const Case cases[] = {
      {"body = '{'", "trial 2: column body: "},
      {"body = ''", "trial 2: column body: "},
      {"body = '[]'", "trial 2: column body: "},
      {"body = replace(body, '\"genotype\":[1', '\"genotype\":[\"x\"')", "/genotype: expected whole numbers"},
      {"body = replace(body, '\"metrics\":{}', '\"metrics\":7')", "trial 2: column body: "},
      {"body = replace(body, '\"feasible\":false', '\"feasible\":\"no\"')", "trial 2: column body: "},
      {"body = '\"' || hex(zeroblob(100000))", "trial 2: column body: "},
      {"body = x'00ff'", "column body: expected a text, found blob X'00FF'"},
      {"body = CAST(x'7b2261ff' AS TEXT)", "trial 2: column body: "},
      {"state = 'bogus'", "column state: expected one of 'proposed', 'rejected'"},
      {"state = 7", "column state: expected one of"},
      {"stage = 'nowhere'", "column stage: expected one of"},
      {"ordinal = 'abc'", "column ordinal: expected a whole number from 0, found text 'abc'"},
      {"ordinal = -1", "column ordinal: expected a whole number from 0, found integer -1"},
      {"ordinal = 2.5", "column ordinal: expected a whole number from 0, found real 2.5"},
      {"attempt = 4294967296", "column attempt: expected a whole number from 0"},
      {"core_seconds = 'long'", "column core_seconds: expected a number, found text 'long'"},
      {"lease_until = x'01'", "column lease_until: expected a number"},
      {"hash = x'01'", "column hash: expected a text"},
      {"rule = CAST(x'ff' AS TEXT)", "column rule: not valid UTF-8"},
      {"observed = 'x'", "column observed: expected a whole number"},
      {"violation = 'x'", "column violation: expected a number"},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.change);
    sql("CREATE TABLE kept AS SELECT * FROM trial WHERE id = 2");
    sql(std::string("UPDATE trial SET ") + each.change + " WHERE id = 2");
    {
      const auto store = open_store(path, true);
      EXPECT_THAT(ids(store->list()), ElementsAre(1, 3, 4, 5));
      EXPECT_FALSE(store->get(2).has_value());
      EXPECT_TRUE(store->get(3).has_value());
      std::int64_t evaluated = 0;
      store->each_evaluated([&](trial::Trial&& trial) { evaluated = trial.id; });
      EXPECT_EQ(evaluated, 4);
      store->each_observed([](trial::Trial&&) { ADD_FAILURE(); });
      EXPECT_EQ(store->counts().at(trial::TrialState::scored), 1);
      EXPECT_THAT(store->rejects(), SizeIs(1));
      const std::vector<DamagedRecord> damaged = store->damaged();
      ASSERT_THAT(damaged, SizeIs(1));
      EXPECT_EQ(damaged[0].trial, 2);
      EXPECT_THAT(damaged[0].message, AllOf(HasSubstr("run.db: trial 2: "), HasSubstr(each.message)));
      EXPECT_LT(damaged[0].message.size(), 600u);
    }
    sql("DELETE FROM trial WHERE id = 2");
    sql("INSERT INTO trial SELECT * FROM kept");
    sql("DROP TABLE kept");
  }
  const auto store = open_store(path, true);
  EXPECT_THAT(ids(store->list()), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(store->damaged(), IsEmpty());
}

TEST_F(SqlRecordsTest, ATrialWithoutANumberIsNamedByItsRow) {
  sql("UPDATE trial SET id = 'two' WHERE id = 2");
  const auto store = open_store(path, true);
  EXPECT_THAT(ids(store->list()), ElementsAre(1, 3, 4, 5));
  ASSERT_THAT(store->damaged(), SizeIs(1));
  EXPECT_THAT(store->damaged()[0].message, AllOf(HasSubstr("row 3 of table trial"), HasSubstr("column id: expected")));
}

TEST_F(SqlRecordsTest, WorkersPassADamagedTrialBy) {
  sql("UPDATE trial SET body = '{' WHERE id = 1");
  const auto store = open_store(path);
  EXPECT_EQ(store->claim("worker", 60)->id, 2);
  EXPECT_EQ(store->claim("worker", 60)->id, 3);
  EXPECT_FALSE(store->claim("worker", 60).has_value());
}

TEST_F(SqlRecordsTest, CoordinatorsPassADamagedTrialBy) {
  sql("UPDATE trial SET body = '{' WHERE id = 4");
  sql("UPDATE trial SET state = 'running', lease_until = 1, body = '{' WHERE id = 1");
  const auto store = open_store(path);
  EXPECT_THAT(store->take_unseen(), IsEmpty());
  EXPECT_THAT(store->requeue_expired(), IsEmpty());
  EXPECT_EQ(store->claim("worker", 60)->id, 2);
  EXPECT_EQ(store->requeue_orphans("worker"), 1);
}

TEST_F(SqlRecordsTest, ADamagedEventIsLeftOut) {
  const std::size_t before = open_store(path, true)->events().size();
  for (const char* change : {"event = 'bogus'", "stage = 7", "trial = 'x'", "time = 'noon'", "reason = x'01'"}) {
    SCOPED_TRACE(change);
    sql("CREATE TABLE kept AS SELECT * FROM event WHERE seq = 3");
    sql(std::string("UPDATE event SET ") + change + " WHERE seq = 3");
    {
      const auto store = open_store(path, true);
      EXPECT_EQ(store->events().size(), before - 1);
      ASSERT_THAT(store->damaged(), SizeIs(1));
      EXPECT_THAT(store->damaged()[0].message, HasSubstr("event 3: "));
    }
    sql("DELETE FROM event WHERE seq = 3");
    sql("INSERT INTO event SELECT * FROM kept");
    sql("DROP TABLE kept");
  }
}

}  // namespace
}  // namespace gensynth::store::sqlite
