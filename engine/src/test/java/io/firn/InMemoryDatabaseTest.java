package io.firn;

class InMemoryDatabaseTest extends DatabaseContract {

  @Override
  Database open() {
    return Firn.inMemory();
  }
}
