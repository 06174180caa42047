import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openAddressBook } from '../../../../peers/wiring/libp2p/address-book.ts'
import { portOf } from '../../../../peers/wiring/libp2p/listening.ts'
import { createMemoryDisk, openMemoryStore } from '../../../../peers/wiring/memory-store.ts'

test('an address book keeps ports and the latest addresses of 64 members from run to run', async () => {
  const store = openMemoryStore(createMemoryDisk())
  const book = await openAddressBook(store)
  book.keepPort('/ip4/0.0.0.0/tcp/0', 4001)
  for (let i = 0; i < 70; i++) book.keepMember(`peer${i}`, [`/ip4/192.0.2.1/tcp/${i}/p2p/peer${i}`])
  book.keepMember('peer69', ['/ip4/192.0.2.9/tcp/1/p2p/peer69'])
  book.keepMember('peer70', [])
  await book.settled()
  const { ports, members } = await openAddressBook(store)
  assert.deepEqual([...ports], [['/ip4/0.0.0.0/tcp/0', 4001]])
  assert.equal(members.size, 64)
  assert.deepEqual(members.get('peer69'), ['/ip4/192.0.2.9/tcp/1/p2p/peer69'])
  assert.ok(!members.has('peer5') && members.has('peer6') && !members.has('peer70'))
})

test('an address book that cannot be written holds nobody up, and is written once it can be', async () => {
  let full = true
  const store = openMemoryStore(createMemoryDisk(), { full: () => full })
  const book = await openAddressBook(store)
  book.keepPort('/ip4/0.0.0.0/tcp/0', 4001)
  await book.settled()
  full = false
  book.keepMember('peer', ['/ip4/192.0.2.1/tcp/1/p2p/peer'])
  await book.settled()
  const { ports, members } = await openAddressBook(store)
  assert.deepEqual([ports.size, members.size], [1, 1])
})

test('portOf() finds the port that an open address got, and none for one that names its own', () => {
  const listening = ['/ip4/127.0.0.1/tcp/1/p2p/a', '/ip4/192.0.2.1/tcp/2/p2p/a', '/ip6/::1/tcp/3/p2p/a']
  assert.equal(portOf('/ip4/192.0.2.1/tcp/0', listening), 2)
  assert.equal(portOf('/ip4/0.0.0.0/tcp/0', listening), 1)
  assert.equal(portOf('/ip6/::/tcp/0', listening), 3)
  assert.equal(portOf('/ip4/198.51.100.1/tcp/0', listening), undefined)
  assert.equal(portOf('/ip4/192.0.2.1/tcp/2', listening), undefined)
})
