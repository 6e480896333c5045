package io.firn;

class InMemoryBulkLoadTest extends BulkLoadContract {

  @Override
  Database open() {
    return Firn.inMemory();
  }
}
